package io.verbatim.gateway.export;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Reads a transcript as far as it has come, a page at a time so that no one reply is large.
public final class TranscriptPages {

  private static final int PAGE = 200;

  private TranscriptPages() {}

  public static CompletionStage<List<TranscriptEntry>> all(TranscriptLog log, CallId call) {
    return from(log, call, TranscriptLog.START, new ArrayList<>());
  }

  private static CompletionStage<List<TranscriptEntry>> from(
      TranscriptLog log, CallId call, String after, List<TranscriptEntry> read) {
    return log.read(call, after, PAGE)
        .thenCompose(page -> {
          read.addAll(page);
          return page.size() < PAGE
              ? CompletableFuture.completedStage(read)
              : from(log, call, page.getLast().id(), read);
        });
  }
}
