/// Server-sent events as bytes, and the connection that sends them.
///
/// The stream of one call has this order: `retry`, optionally `resync`, the history (`final`,
/// `gap`), `caught-up`, the live state (`status`, `interim`), further entries (`final`, `gap`), and
/// `ended`. `evicted` may come at any time.
@NullMarked
package io.verbatim.gateway.sse;

import org.jspecify.annotations.NullMarked;
