package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One watcher's view of all calls its viewer may see: the list as it changes, and of each live
/// call the last lines and what is being said.
final class BoardCursor implements Source {

  private final CallBoard board;
  private final Viewer viewer;
  private final @Nullable CallId inFull;
  private final @Nullable Function<CallId, FeedCursor> openTail;
  private final Set<CallId> shown = new HashSet<>();
  private final Map<CallId, FeedCursor> tails = new LinkedHashMap<>();
  private long seenVersion;
  private boolean complete;

  /// @param inFull the call another source shows in full, so that it needs no tail
  /// @param openTail begins at the end of a call's transcript; null where no lines are wanted
  BoardCursor(
      CallBoard board,
      Viewer viewer,
      @Nullable CallId inFull,
      @Nullable Function<CallId, FeedCursor> openTail) {
    this.board = board;
    this.viewer = viewer;
    this.inFull = inFull;
    this.openTail = openTail;
  }

  @Override
  public void drainInto(Batch batch) {
    if (!board.isLoaded()) {
      return;
    }
    if (seenVersion < board.version()) {
      drainCards(batch);
      seenVersion = board.version();
    }
    if (!complete) {
      batch.add(TranscriptEvents.listCaughtUp());
      complete = true;
    }
    drainTails(batch);
  }

  /// The list is bounded, so it may overfill a batch once rather than be split.
  private void drainCards(Batch batch) {
    for (Iterator<CallId> calls = shown.iterator(); calls.hasNext(); ) {
      CallId call = calls.next();
      if (board.card(call) == null) {
        calls.remove();
        closeTail(call);
        batch.add(TranscriptEvents.callGone(call));
      }
    }
    for (CallBoard.Card card : board.cards()) {
      if (card.version() > seenVersion && viewer.sees(card.call().start().tenant())) {
        shown.add(card.call().call());
        batch.add(viewer.has(Viewer.OPS) ? card.open() : card.masked());
        followTail(card);
      }
    }
  }

  private void followTail(CallBoard.Card card) {
    CallId call = card.call().call();
    if (openTail != null && card.isLive() && !call.equals(inFull) && !tails.containsKey(call)) {
      tails.put(call, openTail.apply(call));
    }
  }

  private void drainTails(Batch batch) {
    for (Iterator<FeedCursor> all = tails.values().iterator(); all.hasNext() && batch.hasRoom(); ) {
      FeedCursor tail = all.next();
      tail.drainInto(batch);
      if (tail.isFinished()) {
        tail.close();
        all.remove();
      }
    }
  }

  private void closeTail(CallId call) {
    FeedCursor tail = tails.remove(call);
    if (tail != null) {
      tail.close();
    }
  }

  @Override
  public long waitingBytes() {
    return tails.values().stream().mapToLong(FeedCursor::waitingBytes).sum();
  }

  @Override
  public boolean isFinished() {
    return false;
  }

  @Override
  public String place() {
    return TranscriptLog.START;
  }

  @Override
  public void close() {
    tails.values().forEach(FeedCursor::close);
    tails.clear();
  }
}
