/// From the log to all who watch.
///
/// A [CallFeed] reads one call's transcript once and holds every event encoded, in order. A watcher
/// is a cursor into that list: history and live are the same list, so there is no seam between
/// them, and a watcher costs no memory however long the call is. Watchers pull: what a slow one has
/// not asked for stays where it is, and of what is replaceable it gets the newest only.
///
/// Everything here happens on the hub's one thread, unless a method says otherwise; so nothing is
/// locked and no two watchers can see a feed in different states.
@NullMarked
package io.verbatim.gateway.hub;

import org.jspecify.annotations.NullMarked;
