/// Server-sent events as bytes.
///
/// On the wire of one call: `retry`, then perhaps `resync`, the history (`final`, `gap`),
/// `caught-up`, what is being said (`status`, `interim`) and lives on (`final`, `gap`), at last
/// `ended`; or `evicted` at any time. Pure: values in, bytes out.
@NullMarked
package io.verbatim.gateway.sse;

import org.jspecify.annotations.NullMarked;
