package io.verbatim.gateway.transcript;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.gateway.export.Document;
import io.verbatim.gateway.export.TranscriptSummary;
import io.verbatim.gateway.log.Page;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The bytes of one document, a page of its transcript at a time.
///
/// A page is read when the one before was sent, and its text is composed off the event loop. The
/// document ends with the last entry of its summary, even if the call has newer entries.
final class DocumentPages {

  private final CallId call;
  private final TranscriptSummary summary;
  private final Document document;
  private final TranscriptReads reads;
  private final EventLoop loop;
  private final int last;
  private Position position = Position.START;

  DocumentPages(
      CallId call,
      TranscriptSummary summary,
      Document document,
      TranscriptReads reads,
      EventLoop loop) {
    this.call = call;
    this.summary = summary;
    this.document = document;
    this.reads = reads;
    this.loop = loop;
    this.last = Math.max(0, summary.pages() - 1);
  }

  /// One element per page; cold. Fails if the history was replaced since the summary was read.
  ///
  /// @param written completes when all bytes emitted before were sent. Without it Reactor Netty
  ///   buffers 128 pages for a client that does not read.
  Flux<byte[]> bytes(Supplier<CompletionStage<Void>> written) {
    return Flux.range(0, last + 1)
        .concatMap(
            index ->
                Mono.fromCompletionStage(
                    () -> index == 0 ? page(index) : written.get().thenCompose(_ -> page(index))),
            1);
  }

  private CompletionStage<byte[]> page(int index) {
    return entries(index).thenCompose(entries -> loop.offload(() -> text(index, entries)));
  }

  private byte[] text(int index, List<TranscriptEntry> entries) {
    var out = new StringBuilder();
    if (index == 0) {
      out.append(document.begin());
    }
    out.append(document.page(entries));
    if (index == last) {
      out.append(document.end());
    }
    return out.toString().getBytes(UTF_8);
  }

  private CompletionStage<List<TranscriptEntry>> entries(int index) {
    if (summary.pages() == 0) {
      return CompletableFuture.completedStage(List.of());
    }
    return reads
        .page(call, position)
        .thenApply(page ->
            switch (page) {
              case Page.Entries(List<TranscriptEntry> entries, _) -> checked(index, entries);
              case Page.Replaced _ -> throw replaced();
            });
  }

  private List<TranscriptEntry> checked(int index, List<TranscriptEntry> read) {
    List<TranscriptEntry> entries = index == last ? upToEnd(read) : read;
    if (entries.isEmpty()) {
      throw replaced();
    }
    position = Position.after(entries.getLast());
    return entries;
  }

  private List<TranscriptEntry> upToEnd(List<TranscriptEntry> read) {
    List<Position> positions = read.stream().map(Position::after).toList();
    return read.subList(0, positions.indexOf(summary.end()) + 1);
  }

  private static BusUnavailableException replaced() {
    return new BusUnavailableException("the transcript was replaced while it was sent");
  }
}
