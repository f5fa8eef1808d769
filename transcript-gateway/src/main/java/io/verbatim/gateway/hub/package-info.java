/// From the log to all subscribers.
///
/// The way of an event: a [CallFeed] follows the end of one call's transcript with a [FeedReader]
/// and holds the newest lines encoded, in a [LineWindow]. It notifies its [FeedCursor]s, each of
/// which is a position in the transcript. A cursor belongs to a [Subscriber], which sends what is
/// behind the cursor to its connection as long as the connection is writable. What is not in the
/// window is read from the log in [LinePages]. A cursor moves from a page to the window at an entry
/// that both hold, so there is no seam between history and live events, and a subscriber costs no
/// memory for what it has not been sent. Of what is replaceable only the newest is sent.
///
/// [FeedMemory] bounds the bytes of all windows and pages: they are caches of the log.
///
/// A subscriber to a whole page also has a [CallListCursor] in the [CallList] and a cursor at the
/// end of the feed of each live call. [Subscribers] bounds how many there are. [TranscriptHub] is
/// the way in.
///
/// Everything here is confined to the event loop.
@NullMarked
package io.verbatim.gateway.hub;

import org.jspecify.annotations.NullMarked;
