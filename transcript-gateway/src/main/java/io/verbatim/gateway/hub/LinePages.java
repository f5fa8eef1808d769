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

/// Reads lines from the log for subscribers that are not at the end of a transcript. A page is
/// encoded once for all that read it at the same time. Full pages are cached within [FeedMemory],
/// because they change only if the history is replaced. Confined to the event loop.
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

  private record Key(CallId call, Position after) {}

  private final TranscriptReads reads;
  private final FeedMemory memory;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final JoinedReads<Key, Outcome> encoded = new JoinedReads<>(this::read);
  private final Map<CallId, Map<Position, CachedPage>> cached = new HashMap<>();

  LinePages(TranscriptReads reads, FeedMemory memory, EventLoop loop, GatewayMetrics metrics) {
    this.reads = reads;
    this.memory = memory;
    this.loop = loop;
    this.metrics = metrics;
  }

  private final class CachedPage implements FeedMemory.Holder {
    private final Key key;
    private final Lines page;

    CachedPage(Key key, Lines page) {
      this.key = key;
      this.page = page;
    }

    @Override
    public void release() {
      cached.computeIfPresent(
          key.call,
          (_, pages) -> {
            pages.remove(key.after, this);
            return pages.isEmpty() ? null : pages;
          });
    }
  }

  /// The page after a position, if it is in memory.
  Optional<Lines> inMemory(CallId call, Position after) {
    CachedPage found = cached.getOrDefault(call, Map.of()).get(after);
    if (found == null) {
      return Optional.empty();
    }
    memory.use(found);
    return Optional.of(found.page);
  }

  /// Reads the page after a position.
  ///
  /// @param answer receives the outcome later on the event loop
  void read(CallId call, Position after, Consumer<Outcome> answer) {
    deliver(encoded.apply(new Key(call, after)), answer);
  }

  private CompletionStage<Outcome> read(Key key) {
    metrics.pageRead();
    return reads
        .page(key.call, key.after)
        .thenCompose(page ->
            switch (page) {
              case Page.Entries(List<TranscriptEntry> entries, boolean isLast) ->
                  encode(key.call, entries).thenApply(lines -> cache(key, lines, isLast));
              case Page.Replaced _ ->
                  CompletableFuture.completedStage((Outcome) new Outcome.Replaced());
            });
  }

  /// Reads the last lines of a call.
  void readLast(CallId call, int count, Consumer<Outcome> answer) {
    deliver(
        reads
            .newest(call, count)
            .thenCompose(entries -> encode(call, entries))
            .thenApply(Outcome.Found::new),
        answer);
  }

  /// Checks whether the log holds the entry at a position.
  ///
  /// @param answer receives [Outcome.Found] without lines if it does, else [Outcome.Replaced]
  void find(CallId call, Position position, Consumer<Outcome> answer) {
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

  private CompletionStage<Lines> encode(CallId call, List<TranscriptEntry> entries) {
    return loop.offload(
        () -> new Lines(entries.stream().map(entry -> Line.of(call, entry)).toList()));
  }

  private Outcome cache(Key key, Lines read, boolean isLast) {
    metrics.encoded(read.size());
    Lines page = truncate(read);
    if (!isLast || page.size() < read.size()) {
      CachedPage added = new CachedPage(key, page);
      CachedPage replaced =
          cached.computeIfAbsent(key.call, _ -> new HashMap<>()).put(key.after, added);
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

  /// Drops the cached pages of a call, because its history was replaced.
  void drop(CallId call) {
    Map<Position, CachedPage> pages = cached.remove(call);
    if (pages != null) {
      pages.values().forEach(memory::remove);
    }
  }
}
