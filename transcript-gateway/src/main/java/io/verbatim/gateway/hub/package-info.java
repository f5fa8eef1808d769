/// Sends transcripts from the log to all subscribers.
///
/// A [CallFeed] follows the end of one call's transcript with a [FeedReader] and holds the newest
/// lines, encoded, in a [LineWindow]. It notifies its [FeedCursor]s, each of which is a position in
/// the transcript. A cursor belongs to a [Subscriber], which sends the lines after the cursor while
/// its connection is writable. Lines that are not in the window are read from the log in
/// [LinePages]. A cursor moves from a page to the window at an entry that both hold, so there is no
/// seam between history and live events, and unsent lines use no memory per subscriber. Of the live
/// state only the newest is sent.
///
/// [FeedMemory] bounds the bytes of all windows and pages, which are caches of the log.
///
/// A subscriber to a page also has a [CallListCursor] in the [CallList] and a cursor at the end of
/// the feed of each live call. [Subscribers] bounds their number. [TranscriptHub] is the entry
/// point.
///
/// Everything here is confined to the event loop.
@NullMarked
package io.verbatim.gateway.hub;

import org.jspecify.annotations.NullMarked;
