package io.verbatim.gateway.log;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Reads transcripts in pages. Identical reads share one answer, and a bounded number is under way.
///
/// Each entry is linked to the one before it. A page whose first entry is not linked to the entry
/// at the position is therefore from another history, unless an entry in between cannot be read;
/// the log is asked for the entry at the position to tell the two apart. Entries of one page were
/// read at once, so they are of one history. Confined to the event loop.
public final class TranscriptReads {

  /// Entries of a page: decoding takes about a millisecond.
  public static final int PAGE = 100;

  /// With a page of 100 entries each, enough to hide the round trip to Redis.
  private static final int UNDER_WAY = 16;

  private record After(CallId call, Position position) {}

  private record Newest(CallId call, int limit) {}

  private record Entry(CallId call, String id) {}

  private final BoundedReads bounded = new BoundedReads(UNDER_WAY);
  private final JoinedReads<After, Page> pages;
  private final JoinedReads<Newest, List<TranscriptEntry>> newest;
  private final JoinedReads<Entry, Optional<TranscriptEntry>> entries;

  public TranscriptReads(TranscriptLog log) {
    this.newest = new JoinedReads<>(key -> bounded.run(() -> log.newest(key.call, key.limit)));
    this.entries = new JoinedReads<>(key -> bounded.run(() -> log.find(key.call, key.id)));
    this.pages =
        new JoinedReads<>(key ->
            bounded
                .run(() -> log.read(key.call, key.position.id(), PAGE))
                .thenCompose(read -> checked(key, read)));
  }

  /// The entries behind a position, [#PAGE] at most.
  public CompletionStage<Page> page(CallId call, Position after) {
    return pages.apply(new After(call, after));
  }

  /// The last entries, oldest first.
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    return newest.apply(new Newest(call, limit));
  }

  /// The entry with this id; empty where there is none.
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    return entries.apply(new Entry(call, id));
  }

  /// Whether the log holds the entry at this position, with its line.
  public CompletionStage<Boolean> holds(CallId call, Position position) {
    return position.equals(Position.START)
        ? CompletableFuture.completedStage(true)
        : find(call, position.id())
            .thenApply(found -> found.map(Position::behind).filter(position::equals).isPresent());
  }

  private CompletionStage<Page> checked(After key, List<TranscriptEntry> read) {
    Page page = new Page.Entries(read, read.size() < PAGE);
    return read.isEmpty() || read.getFirst().link().follows(key.position.line())
        ? CompletableFuture.completedStage(page)
        : holds(key.call, key.position).thenApply(held -> held ? page : new Page.Replaced());
  }
}
