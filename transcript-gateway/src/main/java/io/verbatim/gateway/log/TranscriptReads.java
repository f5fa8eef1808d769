package io.verbatim.gateway.log;

import io.verbatim.pubsub.StoredTranscripts;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Reads transcripts in pages. Identical reads share one answer, and a bounded number runs at a
/// time.
///
/// Each entry is linked to the one before it. A page whose first entry is not linked to the entry
/// at the position is from another history, or an entry in between cannot be read. A read of the
/// entry at the position distinguishes the two. All entries of one page are read at once, so they
/// are of one history. Confined to the event loop.
public final class TranscriptReads {

  /// Entries of a page: decoding takes about a millisecond.
  public static final int PAGE = 100;

  /// Enough pages of 100 entries to hide the round trip to Redis.
  private static final int MAX_CONCURRENT = 16;

  private record After(CallId call, Position position) {}

  private record Newest(CallId call, int limit) {}

  private record Entry(CallId call, String id) {}

  private final BoundedReads bounded = new BoundedReads(MAX_CONCURRENT);
  private final JoinedReads<After, Page> pages;
  private final JoinedReads<Newest, List<TranscriptEntry>> newest;
  private final JoinedReads<Entry, Optional<TranscriptEntry>> entries;

  /// @param log reads on the event loop
  public TranscriptReads(StoredTranscripts log) {
    this.newest = new JoinedReads<>(key -> bounded.run(() -> log.newest(key.call, key.limit)));
    this.entries = new JoinedReads<>(key -> bounded.run(() -> log.find(key.call, key.id)));
    this.pages =
        new JoinedReads<>(key ->
            bounded
                .run(() -> log.read(key.call, key.position.id(), PAGE))
                .thenCompose(read -> checked(key, read)));
  }

  /// The entries after a position, at most [#PAGE].
  public CompletionStage<Page> page(CallId call, Position after) {
    return pages.apply(new After(call, after));
  }

  /// The last entries, oldest first.
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    return newest.apply(new Newest(call, limit));
  }

  /// The entry with this id; empty if it does not exist.
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    return entries.apply(new Entry(call, id));
  }

  /// Whether the log holds the entry at this position, with the same line.
  public CompletionStage<Boolean> holds(CallId call, Position position) {
    return position.equals(Position.START)
        ? CompletableFuture.completedStage(true)
        : find(call, position.id())
            .thenApply(found -> found.map(Position::after).filter(position::equals).isPresent());
  }

  private CompletionStage<Page> checked(After key, List<TranscriptEntry> read) {
    Page page = new Page.Entries(read, read.size() < PAGE);
    return read.isEmpty() || read.getFirst().link().follows(key.position.line())
        ? CompletableFuture.completedStage(page)
        : holds(key.call, key.position).thenApply(held -> held ? page : new Page.Replaced());
  }
}
