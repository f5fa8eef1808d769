/// Server-sent events as bytes, and the connection that sends them.
///
/// On the wire of one call: `retry`, then possibly `resync`, the history (`final`, `gap`),
/// `caught-up`, the live state (`status`, `interim`), further entries (`final`, `gap`), and at last
/// `ended`; or `evicted` at any time.
@NullMarked
package io.verbatim.gateway.sse;

import org.jspecify.annotations.NullMarked;
