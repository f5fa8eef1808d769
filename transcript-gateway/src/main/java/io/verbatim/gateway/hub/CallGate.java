package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps a watcher of one call waiting until the call has begun, and lets it in only if the call is
/// one its viewer may see. Nothing is said to a viewer who may not: the stream just ends.
final class CallGate implements Source {

  private final CallId call;
  private final Viewer viewer;
  private final CallDirectory directory;
  private final HubThread thread;
  private final Supplier<FeedCursor> enter;
  private final Runnable wake;
  private @Nullable FeedCursor cursor;
  private boolean asking;
  private boolean closed;

  /// @param enter begins at the watcher's place in the call's feed
  /// @param wake told when the gate has opened or shut
  CallGate(
      CallId call,
      Viewer viewer,
      CallDirectory directory,
      HubThread thread,
      Supplier<FeedCursor> enter,
      Runnable wake) {
    this.call = call;
    this.viewer = viewer;
    this.directory = directory;
    this.thread = thread;
    this.enter = enter;
    this.wake = wake;
  }

  /// Asks whether the call has begun, unless that is known or being asked.
  void knock() {
    if (cursor != null || asking || closed) {
      return;
    }
    asking = true;
    directory
        .find(call)
        .exceptionally(_ -> Optional.empty())
        .thenAccept(found -> thread.execute(() -> answered(found)));
  }

  /// Lets the watcher in, sends it away or lets it wait on.
  ///
  /// @param found empty also where the directory could not be asked: it will be asked again
  private void answered(Optional<CallRecord> found) {
    asking = false;
    if (closed || found.isEmpty()) {
      return;
    }
    if (viewer.sees(found.get().start().tenant())) {
      cursor = enter.get();
    } else {
      closed = true;
    }
    wake.run();
  }

  @Override
  public void drainInto(Batch batch) {
    if (cursor != null) {
      cursor.drainInto(batch);
    }
  }

  @Override
  public long waitingBytes() {
    return cursor == null ? 0 : cursor.waitingBytes();
  }

  @Override
  public boolean isFinished() {
    return closed || (cursor != null && cursor.isFinished());
  }

  @Override
  public String place() {
    return cursor == null ? TranscriptLog.START : cursor.place();
  }

  @Override
  public void close() {
    closed = true;
    if (cursor != null) {
      cursor.close();
    }
  }
}
