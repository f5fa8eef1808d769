/// The JSON that the gateway sends: calls, their ledgers, and the entries of their transcripts.
///
/// Values in, values out: no Spring, no clock, no I/O. Field names are a contract with other
/// systems.
@NullMarked
package io.verbatim.gateway.view;

import org.jspecify.annotations.NullMarked;
