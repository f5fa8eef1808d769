package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEncoder;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One open stream. It takes what it can deliver and holds none of it.
///
/// [#next], [#isDone], [#onCut] and [#close] may be called on any thread; the rest is the hub's.
public final class Watcher implements AutoCloseable {

  private static final SseEvent RETRY = SseEncoder.retry(Duration.ofSeconds(2));
  private static final SseEvent HEARTBEAT = SseEncoder.heartbeat();

  private final @Nullable CallId call;
  private final HubThread thread;
  private final InstantSource clock;
  private final GatewayMetrics metrics;
  private final Consumer<Watcher> left;
  private final Viewer viewer;
  private List<Source> sources = List.of();
  private @Nullable CompletableFuture<List<byte[]>> asked;
  private @Nullable SseEvent first = RETRY;
  private @Nullable SseEvent notice;
  private @Nullable SseEvent farewell;
  private Instant lastMoved;
  private volatile boolean done;
  private volatile Runnable cut = () -> {};

  /// @param call the one call it watches; null watches the list
  /// @param viewer for whom, and until when
  /// @param left told once when the stream is over
  Watcher(
      @Nullable CallId call,
      Viewer viewer,
      HubThread thread,
      InstantSource clock,
      GatewayMetrics metrics,
      Consumer<Watcher> left) {
    this.call = call;
    this.viewer = viewer;
    this.thread = thread;
    this.clock = clock;
    this.metrics = metrics;
    this.left = left;
    this.lastMoved = clock.instant();
  }

  /// The next bytes to write, when there are any: an empty list once the stream is over. Asking
  /// again says that the bytes before have been delivered. One request at a time.
  public CompletableFuture<List<byte[]>> next() {
    var answer = new CompletableFuture<List<byte[]>>();
    if (done) {
      answer.complete(List.of());
    } else {
      thread.execute(() -> ask(answer));
    }
    return answer;
  }

  /// True when nothing further will come.
  public boolean isDone() {
    return done;
  }

  /// Says how the connection is cut.
  ///
  /// @param cut closes the connection at once; used where nothing can be delivered any more
  public void onCut(Runnable cut) {
    this.cut = cut;
  }

  /// The stream is over, for whatever reason. Idempotent.
  @Override
  public void close() {
    thread.execute(this::finish);
  }

  void readFrom(List<Source> sources) {
    this.sources = List.copyOf(sources);
    wake();
  }

  @Nullable CallId call() {
    return call;
  }

  /// The only tenant whose calls it may show; null shows all.
  @Nullable String tenant() {
    return viewer.tenant();
  }

  private void ask(CompletableFuture<List<byte[]>> answer) {
    if (done) {
      answer.complete(List.of());
      return;
    }
    lastMoved = clock.instant();
    asked = answer;
    wake();
  }

  /// Something may be there to take.
  void wake() {
    if (done || asked == null) {
      return;
    }
    Batch batch = new Batch();
    fill(batch);
    if (!batch.isEmpty()) {
      hand(batch);
    }
    if (farewell != null || (!sources.isEmpty() && isOver())) {
      finish();
    }
  }

  private void fill(Batch batch) {
    first = add(batch, first);
    notice = add(batch, notice);
    if (farewell == null) {
      sources.forEach(source -> source.drainInto(batch));
    } else {
      batch.add(farewell);
    }
  }

  private static @Nullable SseEvent add(Batch batch, @Nullable SseEvent event) {
    if (event != null) {
      batch.add(event);
    }
    return null;
  }

  private boolean isOver() {
    return call == null
        ? sources.stream().allMatch(Source::isFinished)
        : sources.getFirst().isFinished();
  }

  private void hand(Batch batch) {
    CompletableFuture<List<byte[]>> answer = asked;
    asked = null;
    lastMoved = clock.instant();
    metrics.delivered(batch.size());
    if (answer != null) {
      answer.complete(batch.buffers());
    }
  }

  /// Bytes that wait because the other side does not take them.
  long waitingBytes() {
    return asked != null || farewell != null
        ? 0
        : sources.stream().mapToLong(Source::waitingBytes).sum();
  }

  /// Says something about the stream itself; only the newest such word is kept.
  void tell(SseEvent event) {
    notice = event;
    wake();
  }

  void beat(Instant now, Duration quiet) {
    if (asked != null && !now.isBefore(lastMoved.plus(quiet))) {
      Batch batch = new Batch();
      batch.add(HEARTBEAT);
      hand(batch);
    }
  }

  /// Whether nothing could be delivered for so long, although something was handed out.
  boolean isStale(Instant now, Duration staleAfter) {
    return asked == null && !now.isBefore(lastMoved.plus(staleAfter));
  }

  boolean isExpired(Instant now) {
    return !now.isBefore(viewer.expiresAt());
  }

  /// Has its last word and then goes; until it has taken it, nothing else is delivered.
  void evict(String code, String reason) {
    String place = sources.stream().map(Source::place).reduce("0-0", (_, last) -> last);
    farewell = TranscriptEvents.evicted(place, code, reason);
    sources.forEach(Source::close);
    wake();
  }

  void cut() {
    finish();
    cut.run();
  }

  void finish() {
    if (done) {
      return;
    }
    done = true;
    sources.forEach(Source::close);
    CompletableFuture<List<byte[]>> answer = asked;
    asked = null;
    if (answer != null) {
      answer.complete(List.of());
    }
    left.accept(this);
  }
}
