package io.verbatim.gateway.log;

import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Reads a transcript from its first to its last entry, page by page, into a summary. Only one page
/// is in memory. Confined to the event loop; other tasks run between two pages.
public final class TranscriptScan {

  /// Collects data from the pages.
  @FunctionalInterface
  public interface Summary {

    /// Adds the next page. Implementations must not hold all entries.
    void add(List<TranscriptEntry> entries);
  }

  private static final int ATTEMPTS = 3;

  private final TranscriptReads reads;
  private final EventLoop loop;

  public TranscriptScan(TranscriptReads reads, EventLoop loop) {
    this.reads = reads;
    this.loop = loop;
  }

  /// Reads the whole transcript. Starts again if its history is replaced meanwhile.
  ///
  /// @param begin an empty summary
  public <S extends Summary> CompletionStage<S> read(CallId call, Supplier<S> begin) {
    return new Scan<>(call, begin).start();
  }

  private final class Scan<S extends Summary> {
    private final CallId call;
    private final Supplier<S> begin;
    private final CompletableFuture<S> result = new CompletableFuture<>();
    private S summary;
    private int attempt = 1;

    Scan(CallId call, Supplier<S> begin) {
      this.call = call;
      this.begin = begin;
      this.summary = begin.get();
    }

    CompletionStage<S> start() {
      read(Position.START);
      return result;
    }

    private void read(Position after) {
      reads
          .page(call, after)
          .whenComplete((page, failure) -> {
            switch (page) {
              case null -> result.completeExceptionally(failure);
              case Page.Entries(List<TranscriptEntry> entries, boolean isLast) -> {
                summary.add(entries);
                if (isLast) {
                  result.complete(summary);
                } else {
                  loop.execute(() -> read(Position.after(entries.getLast())));
                }
              }
              case Page.Replaced _ -> startAgain();
            }
          });
    }

    private void startAgain() {
      if (attempt == ATTEMPTS) {
        result.completeExceptionally(
            new BusUnavailableException("the transcript was replaced while it was read"));
        return;
      }
      attempt++;
      summary = begin.get();
      loop.execute(() -> read(Position.START));
    }
  }
}
