package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.JoinedReads;
import io.verbatim.gateway.log.Page;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads lines of one call from the log for subscribers that are not at the end of its transcript.
/// A page is encoded once for all that read it at the same time. Full pages are cached within
/// [FeedMemory], because they change only if the history is replaced. Confined to the event loop.
///
/// Each feed has its own pages. A position does not say in which history it is, and a call that
/// expired or was erased may be followed by another one with its id.
final class LinePages {

  /// The result of a read.
  sealed interface Outcome {

    /// The lines after a position; empty at the end.
    record Found(Lines page) implements Outcome {}

    /// The history was replaced.
    record Replaced() implements Outcome {}

    /// The log did not answer. A pause has passed since.
    record Unavailable() implements Outcome {}
  }

  /// Consecutive lines of a transcript.
  record Lines(List<Line> lines) {
    static final Lines NONE = new Lines(List.of());

    Lines {
      lines = List.copyOf(lines);
    }

    int size() {
      return lines.size();
    }

    /// Whether the line with this index ends at a position.
    boolean hasAt(int index, @Nullable Position position) {
      return index < lines.size() && lines.get(index).position().equals(position);
    }

    long bytes() {
      return lines.stream().mapToLong(Line::size).sum();
    }
  }

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// Bytes of one page. A subscriber holds a page only while its connection takes bytes.
  private static final long MAX_BYTES = 256 * 1024;

  /// @param history pages of different histories are never joined
  private record Key(int history, Position after) {}

  private final CallId call;
  private final TranscriptReads reads;
  private final FeedMemory memory;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final JoinedReads<Key, Outcome> encoded = new JoinedReads<>(this::read);
  private final Map<Position, CachedPage> cached = new HashMap<>();

  /// Grows with each [#drop].
  private int history;

  LinePages(
      CallId call,
      TranscriptReads reads,
      FeedMemory memory,
      EventLoop loop,
      GatewayMetrics metrics) {
    this.call = call;
    this.reads = reads;
    this.memory = memory;
    this.loop = loop;
    this.metrics = metrics;
  }

  private final class CachedPage implements FeedMemory.Holder {
    private final Position after;
    private final Lines page;

    CachedPage(Position after, Lines page) {
      this.after = after;
      this.page = page;
    }

    @Override
    public void release() {
      cached.remove(after, this);
    }
  }

  /// The page after a position, if it is in memory.
  Optional<Lines> inMemory(Position after) {
    CachedPage found = cached.get(after);
    if (found == null) {
      return Optional.empty();
    }
    memory.use(found);
    return Optional.of(found.page);
  }

  /// Whether no page is in memory.
  boolean isEmpty() {
    return cached.isEmpty();
  }

  /// Reads the page after a position.
  ///
  /// @param answer receives the outcome later on the event loop
  void read(Position after, Consumer<Outcome> answer) {
    deliver(encoded.apply(new Key(history, after)), answer);
  }

  private CompletionStage<Outcome> read(Key key) {
    metrics.pageRead();
    return reads
        .page(call, key.after)
        .thenCompose(page ->
            switch (page) {
              case Page.Entries(List<TranscriptEntry> entries, boolean isLast) ->
                  encode(entries).thenApply(lines -> cache(key, lines, isLast));
              case Page.Replaced _ ->
                  CompletableFuture.completedStage((Outcome) new Outcome.Replaced());
            });
  }

  /// Reads the last lines.
  void readLast(int count, Consumer<Outcome> answer) {
    deliver(
        reads.newest(call, count).thenCompose(this::encode).thenApply(Outcome.Found::new), answer);
  }

  /// Checks whether the log holds the entry at a position.
  ///
  /// @param answer receives [Outcome.Found] without lines if it does, else [Outcome.Replaced]
  void find(Position position, Consumer<Outcome> answer) {
    deliver(
        reads
            .holds(call, position)
            .thenApply(held -> held ? new Outcome.Found(Lines.NONE) : new Outcome.Replaced()),
        answer);
  }

  /// Each subscriber gets the answer in its own task, so that many do not block the loop together.
  private void deliver(CompletionStage<? extends Outcome> read, Consumer<Outcome> answer) {
    read.whenComplete((outcome, failure) -> {
      if (failure == null) {
        loop.execute(() -> answer.accept(outcome));
      } else {
        loop.after(PAUSE_AFTER_FAILURE, () -> answer.accept(new Outcome.Unavailable()));
      }
    });
  }

  private CompletionStage<Lines> encode(List<TranscriptEntry> entries) {
    return loop.offload(
        () -> new Lines(entries.stream().map(entry -> Line.of(call, entry)).toList()));
  }

  private Outcome cache(Key key, Lines read, boolean isLast) {
    metrics.encoded(read.size());
    Lines page = truncate(read);
    boolean isFull = !isLast || page.size() < read.size();
    if (isFull && key.history == history) {
      CachedPage added = new CachedPage(key.after, page);
      CachedPage replaced = cached.put(key.after, added);
      if (replaced != null) {
        memory.remove(replaced);
      }
      memory.set(added, page.bytes());
    }
    return new Outcome.Found(page);
  }

  private static Lines truncate(Lines read) {
    long bytes = 0;
    int count = 0;
    for (Line line : read.lines()) {
      bytes += line.size();
      if (count > 0 && bytes > MAX_BYTES) {
        return new Lines(read.lines().subList(0, count));
      }
      count++;
    }
    return read;
  }

  /// Drops the cached pages, because the history was replaced or the feed is removed. A page that
  /// is being read is not cached either.
  void drop() {
    history++;
    cached.values().forEach(memory::remove);
    cached.clear();
  }
}
