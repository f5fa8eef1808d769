package io.verbatim.gateway.hub;

import io.netty.channel.ChannelFuture;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEncoder;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One open stream: it sends from its sources, and holds none of it. Confined to the event loop.
final class Subscriber implements SseConnection.Listener {

  /// How often a page is sent to at most. A person cannot see the difference, and a busy page costs
  /// a fraction of the writes.
  static final Duration PAGE_INTERVAL = Duration.ofMillis(10);

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
  private final Consumer<Subscriber> left;
  private final Set<Source> sources = new LinkedHashSet<>(2);
  private final Queue<Source> changed = new ArrayDeque<>(1);
  private @Nullable FeedCursor transcript;
  private @Nullable SseEvent notice;
  private boolean sending;
  private boolean done;
  private long sentAtMs;
  private long movedAtMs;
  private long leftBytes;

  /// @param call the only call of the stream, which ends with it; null for a whole page
  /// @param viewer for whom, and until when
  /// @param sendLater has [#send] called after [#PAGE_INTERVAL]
  /// @param left notified once when the stream is over
  Subscriber(
      SseConnection connection,
      @Nullable CallId call,
      Viewer viewer,
      InstantSource clock,
      GatewayMetrics metrics,
      Consumer<Subscriber> sendLater,
      Consumer<Subscriber> left) {
    this.connection = connection;
    this.call = call;
    this.viewer = viewer;
    this.clock = clock;
    this.metrics = metrics;
    this.sendLater = sendLater;
    this.left = left;
    this.sentAtMs = clock.millis();
    this.movedAtMs = sentAtMs;
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
  void follow(FeedCursor cursor) {
    transcript = cursor;
    add(cursor);
  }

  /// Sends from one more source, beginning with what it has.
  void add(Source source) {
    sources.add(source);
    changed(source);
  }

  /// Stops sending from a source.
  void remove(Source source) {
    source.close();
    sources.remove(source);
    changed.remove(source);
  }

  /// The viewer may not see the call that was waited for.
  void refuse() {
    if (call != null) {
      finish();
    }
  }

  /// A source has something new. A page of many calls that was sent to a moment ago gathers what
  /// changes in them.
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

  /// Sends what has changed while the connection takes it. A source may add others meanwhile.
  void send() {
    if (sending || done || !connection.isWritable()) {
      return;
    }
    sending = true;
    long nowMs = clock.millis();
    noteLeft(nowMs);
    long before = connection.writtenBytes();
    if (notice != null) {
      connection.write(notice);
      notice = null;
    }
    while (connection.isWritable() && !changed.isEmpty()) {
      Source source = changed.element();
      if (source.sendTo(connection)) {
        changed.poll(); // Empty already where the stream ended meanwhile.
        source.isQueued = false;
        if (source.isFinished()) {
          remove(source);
        }
      }
    }
    sending = false;
    noteSent(connection.writtenBytes() - before, nowMs);
    if (call != null && transcript != null && transcript.isFinished()) {
      finish();
    }
  }

  private void noteSent(long bytes, long nowMs) {
    if (bytes > 0) {
      sentAtMs = nowMs;
      metrics.sent(bytes);
    }
  }

  /// Looks whether bytes have left since the last time. What is pending counts some overhead, so
  /// the number of bytes that left may also fall.
  private void noteLeft(long nowMs) {
    long pending = connection.pendingBytes();
    long left = connection.writtenBytes() - pending;
    if (pending == 0 || left > leftBytes) {
      movedAtMs = nowMs;
    }
    leftBytes = left;
  }

  /// Bytes that wait in the sources because the connection does not take them.
  long waitingBytes() {
    return connection.isWritable() ? 0 : sources.stream().mapToLong(Source::waitingBytes).sum();
  }

  /// Notes what has left, and sends a heartbeat after a quiet time.
  void check(long nowMs, Duration quiet) {
    noteLeft(nowMs);
    if (connection.pendingBytes() == 0 && nowMs - sentAtMs >= quiet.toMillis()) {
      connection.write(HEARTBEAT);
      noteSent(HEARTBEAT.size(), nowMs);
    }
  }

  /// Whether bytes wait to leave and none has left for so long.
  boolean isStuck(long nowMs, Duration duration) {
    return connection.pendingBytes() > 0 && nowMs - movedAtMs >= duration.toMillis();
  }

  boolean isExpired(long nowMs) {
    return nowMs >= viewer.expiresAt().toEpochMilli();
  }

  boolean isDone() {
    return done;
  }

  /// Ends the stream with a last event. Answers when that has left.
  ChannelFuture evict(String code, String reason) {
    ChannelFuture last =
        connection.writeLast(TranscriptEvents.evicted(lastEventId(), code, reason));
    finish();
    return last;
  }

  private String lastEventId() {
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
    left.accept(this);
  }
}
