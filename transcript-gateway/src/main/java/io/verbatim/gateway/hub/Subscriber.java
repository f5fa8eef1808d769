package io.verbatim.gateway.hub;

import io.netty.channel.ChannelFuture;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallIdentity;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEncoder;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One open stream. It sends from its sources and buffers nothing itself. Confined to the event
/// loop.
final class Subscriber implements SseConnection.Listener {

  /// Minimum time between two writes to a page. A person cannot see the delay, and a busy page
  /// needs a fraction of the writes.
  static final Duration PAGE_INTERVAL = Duration.ofMillis(10);

  /// How long the stream of a call that has ended stays open for its translations.
  private static final Duration MAX_TRANSLATION_LAG = Duration.ofSeconds(30);

  private static final long NOT_ENDED = -1;

  private static final SseEvent RETRY = SseEncoder.retry(Duration.ofSeconds(2));
  private static final SseEvent HEARTBEAT = SseEncoder.heartbeat();

  static {
    RETRY.share();
    HEARTBEAT.share();
  }

  private final SseConnection connection;
  private final @Nullable CallId call;
  private final Viewer viewer;
  private final InstantSource clock;
  private final GatewayMetrics metrics;
  private final Consumer<Subscriber> sendLater;
  private final Consumer<Subscriber> onFinished;
  private final Set<Source> sources = new LinkedHashSet<>(2);
  private final Queue<Source> changed = new ArrayDeque<>(1);
  private @Nullable FeedCursor transcript;
  private @Nullable TranslationCursor translations;
  private @Nullable CallIdentity followed;
  private @Nullable SseEvent notice;
  private boolean sending;
  private boolean done;
  private long endedAtMs = NOT_ENDED;
  private long sentAtMs;
  private long progressAtMs;
  private long flushedBytes;

  /// @param call the only call of the stream, which ends with it; null for a page of calls
  /// @param viewer the owner of the stream, which ends when the viewer's token expires
  /// @param sendLater schedules [#send] after [#PAGE_INTERVAL]
  /// @param onFinished called once when the stream has ended
  Subscriber(
      SseConnection connection,
      @Nullable CallId call,
      Viewer viewer,
      InstantSource clock,
      GatewayMetrics metrics,
      Consumer<Subscriber> sendLater,
      Consumer<Subscriber> onFinished) {
    this.connection = connection;
    this.call = call;
    this.viewer = viewer;
    this.clock = clock;
    this.metrics = metrics;
    this.sendLater = sendLater;
    this.onFinished = onFinished;
    this.sentAtMs = clock.millis();
    this.progressAtMs = sentAtMs;
    connection.listen(this);
    connection.write(RETRY);
  }

  @Nullable CallId call() {
    return call;
  }

  Viewer viewer() {
    return viewer;
  }

  /// Sends the call's transcript in full.
  ///
  /// @param followedCall the call of the transcript
  void follow(FeedCursor cursor, CallIdentity followedCall) {
    transcript = cursor;
    followed = followedCall;
    add(cursor);
  }

  /// Sends the translations of the call too.
  void translate(TranslationCursor cursor) {
    if (done) {
      cursor.close();
      return;
    }
    translations = cursor;
    add(cursor);
    cursor.open();
  }

  /// Adds a source and sends what it has.
  void add(Source source) {
    sources.add(source);
    changed(source);
  }

  /// Removes and closes a source.
  void remove(Source source) {
    source.close();
    sources.remove(source);
    changed.remove(source);
  }

  /// Stops sending the transcript, because it was erased.
  void erased(CallIdentity erasedCall) {
    FeedCursor cursor = transcript;
    if (cursor == null || isDone() || !erasedCall.equals(followed)) {
      return;
    }
    transcript = null;
    remove(cursor);
    if (translations != null) {
      remove(translations);
      translations = null;
    }
    notify(TranscriptEvents.erased(cursor.call()));
    if (call != null) {
      finish();
    }
  }

  /// Ends the stream of a single call, because the viewer may not see the call.
  void refuse() {
    if (call != null) {
      finish();
    }
  }

  /// Called when a source has something new. A page that was written to less than [#PAGE_INTERVAL]
  /// ago collects the changes of its calls.
  void changed(Source source) {
    if (!source.isQueued) {
      source.isQueued = true;
      changed.add(source);
    }
    if (call == null && clock.millis() - sentAtMs < PAGE_INTERVAL.toMillis()) {
      sendLater.accept(this);
    } else {
      send();
    }
  }

  /// Sends an event about the stream itself; only the newest such event is kept.
  void notify(SseEvent event) {
    notice = event;
    send();
  }

  @Override
  public void onWritable() {
    send();
  }

  /// Sends changes while the connection takes bytes. A source may add other sources meanwhile.
  void send() {
    if (sending || done || !connection.isWritable()) {
      return;
    }
    sending = true;
    long nowMs = clock.millis();
    recordProgress(nowMs);
    long before = connection.writtenBytes();
    if (notice != null) {
      connection.write(notice);
      notice = null;
    }
    while (connection.isWritable() && !changed.isEmpty()) {
      Source source = changed.element();
      if (source.sendTo(connection)) {
        changed.poll(); // Already empty if the stream ended meanwhile.
        source.isQueued = false;
        if (source.isFinished()) {
          remove(source);
        }
      }
    }
    sending = false;
    recordWritten(connection.writtenBytes() - before, nowMs);
    if (call != null && transcript != null && transcript.isFinished() && isTranslated(nowMs)) {
      finish();
    }
  }

  /// Whether there are no translations to wait for at the end of the transcript.
  private boolean isTranslated(long nowMs) {
    if (endedAtMs == NOT_ENDED) {
      endedAtMs = nowMs;
    }
    return translations == null || translations.isFinished();
  }

  private void recordWritten(long bytes, long nowMs) {
    if (bytes > 0) {
      sentAtMs = nowMs;
      metrics.sent(bytes);
    }
  }

  /// Checks whether bytes were sent since the last check. Pending bytes include some overhead, so
  /// the number of sent bytes may also fall.
  private void recordProgress(long nowMs) {
    long pending = connection.pendingBytes();
    long flushed = connection.writtenBytes() - pending;
    if (pending == 0 || flushed > flushedBytes) {
      progressAtMs = nowMs;
    }
    flushedBytes = flushed;
  }

  /// Bytes that wait in the sources because the connection does not take them.
  long waitingBytes() {
    return connection.isWritable() ? 0 : sources.stream().mapToLong(Source::waitingBytes).sum();
  }

  /// Records progress, ends a stream whose translations are late, and sends a heartbeat after a
  /// time without events.
  void check(long nowMs, Duration quiet) {
    recordProgress(nowMs);
    if (endedAtMs != NOT_ENDED && nowMs - endedAtMs >= MAX_TRANSLATION_LAG.toMillis()) {
      finish();
      return;
    }
    if (connection.pendingBytes() == 0 && nowMs - sentAtMs >= quiet.toMillis()) {
      connection.write(HEARTBEAT);
      recordWritten(HEARTBEAT.size(), nowMs);
    }
  }

  /// Whether bytes are pending and none were sent for this time.
  boolean isStalled(long nowMs, Duration duration) {
    return connection.pendingBytes() > 0 && nowMs - progressAtMs >= duration.toMillis();
  }

  boolean isExpired(long nowMs) {
    return viewer.expiresAt().isBefore(Instant.ofEpochMilli(nowMs).plusMillis(1));
  }

  boolean isDone() {
    return done;
  }

  /// Ends the stream with a last event. The future completes when that was sent.
  ChannelFuture evict(String code, String reason) {
    ChannelFuture last =
        connection.writeLast(TranscriptEvents.evicted(lastEventId(), code, reason));
    finish();
    return last;
  }

  private String lastEventId() {
    if (translations != null) {
      return translations.resumeId();
    }
    return transcript == null ? TranscriptLog.START : transcript.lastEventId();
  }

  /// Closes the connection at once.
  void abort() {
    finish();
    connection.abort();
  }

  @Override
  public void onClosed() {
    finish();
  }

  /// Ends the stream without a further event. Idempotent.
  void finish() {
    if (done) {
      return;
    }
    done = true;
    changed.clear();
    List.copyOf(sources).forEach(Source::close);
    sources.clear();
    connection.end();
    onFinished.accept(this);
  }
}
