/// From the log to all subscribers.
///
/// The way of an event: a [CallFeed] reads one call's transcript once and holds every event
/// encoded, in order. It notifies its [FeedCursor]s, each of which is a position in that list. A
/// cursor belongs to a [Subscriber], which sends what is behind the cursor to its connection as
/// long as the connection is writable. History and live events are one list, so there is no seam
/// between them, and a subscriber costs no memory for what it has not been sent: that stays in the
/// feed, and of what is replaceable only the newest is sent.
///
/// A subscriber to a whole page also has a [CallListCursor] in the [CallList] and a cursor at the
/// end of the feed of each live call. [Subscribers] bounds how many there are. [TranscriptHub] is
/// the way in.
///
/// Everything here is confined to the event loop.
@NullMarked
package io.verbatim.gateway.hub;

import org.jspecify.annotations.NullMarked;
