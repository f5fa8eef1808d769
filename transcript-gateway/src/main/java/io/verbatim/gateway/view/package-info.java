/// The shapes of JSON the gateway speaks: calls, their ledgers, and what was said in them.
///
/// Values in, values out: no Spring, no clock, no I/O. Field names are a contract with other
/// systems.
@NullMarked
package io.verbatim.gateway.view;

import org.jspecify.annotations.NullMarked;
