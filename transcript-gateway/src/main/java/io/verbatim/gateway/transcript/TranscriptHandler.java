package io.verbatim.gateway.transcript;

import io.netty.channel.Channel;
import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.export.ExportedCall;
import io.verbatim.gateway.export.TranscriptExport;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.gateway.export.TranscriptSummary;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.log.TranscriptScan;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.record.audit.AuditAction;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/calls/{callId}/transcript` in the format of `?format=`, or else of `Accept`.
public final class TranscriptHandler {

  private static final Logger logger = LoggerFactory.getLogger(TranscriptHandler.class);

  private final LiveHandler live;
  private final CallLookup calls;
  private final EventLoop loop;
  private final GatewayMetrics metrics;

  public TranscriptHandler(
      LiveHandler live, CallLookup calls, EventLoop loop, GatewayMetrics metrics) {
    this.live = live;
    this.calls = calls;
    this.loop = loop;
    this.metrics = metrics;
  }

  public Mono<ServerResponse> transcript(ServerRequest request) {
    CallId call = CallLookup.id(request.pathVariable("callId"));
    TranscriptFormat format = format(request);
    return format == TranscriptFormat.SSE
        ? live.transcript(request, call)
        : document(request, call, format);
  }

  private Mono<ServerResponse> document(
      ServerRequest request, CallId call, TranscriptFormat format) {
    Viewer viewer = AccessHandler.viewer(request);
    AuditFilter.action(request, AuditAction.EXPORT);
    return calls
        .visible(call, viewer)
        .doOnNext(found -> AuditFilter.concerns(request, found.record().start().tenant()))
        .flatMap(found ->
            Mono.fromCompletionStage(() -> summary(found))
                .map(summary -> new ExportedCall(found.record(), summary, viewer.has(Viewer.OPS)))
                .flatMap(exported -> document(format, exported, found.reads())));
  }

  private CompletionStage<TranscriptSummary> summary(FoundCall found) {
    return new TranscriptScan(found.reads(), loop)
        .read(found.record().call(), TranscriptSummary::new);
  }

  private Mono<ServerResponse> document(
      TranscriptFormat format, ExportedCall exported, TranscriptReads reads) {
    CallId call = exported.call().call();
    String file = call.value() + "." + format.extension();
    DocumentPages pages =
        new DocumentPages(
            call, exported.summary(), TranscriptExport.document(format, exported), reads, loop);
    return ServerResponse.ok()
        .header("Content-Type", format.mediaType() + "; charset=utf-8")
        .header("Content-Disposition", "inline; filename=\"" + file + "\"")
        .body((response, _) -> {
          Channel channel = StreamHandler.channel(response);
          return response.writeWith(
              pages
                  .bytes(() -> StreamHandler.written(channel))
                  .map(response.bufferFactory()::wrap)
                  .onErrorResume(failure -> abort(call, failure, channel)));
        });
  }

  /// Closes the connection without the last chunk, so that the client sees that the document is
  /// incomplete.
  private Mono<DataBuffer> abort(CallId call, Throwable failure, Channel channel) {
    metrics.exportAborted();
    logger.warn("export.aborted callId={} reason=\"{}\"", call, failure.getMessage());
    channel.close();
    return Mono.empty();
  }

  private static TranscriptFormat format(ServerRequest request) {
    Optional<String> requested = request.queryParam("format");
    if (requested.isPresent()) {
      return TranscriptFormat.named(requested.get())
          .orElseThrow(() ->
              Parameters.invalid("format", requested.get(), "one of sse, json, txt, vtt, srt"));
    }
    return TranscriptFormat.accepted(preferredFirst(request.headers().accept()))
        .orElseThrow(() ->
            new ProblemException(
                Problem.of(
                    406,
                    "Accept matches no format of a transcript. Use text/event-stream,"
                        + " application/json, text/plain, text/vtt or application/x-subrip.")));
  }

  private static List<String> preferredFirst(List<MediaType> accepted) {
    return accepted.stream()
        .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
        .map(type -> type.getType() + "/" + type.getSubtype())
        .toList();
  }
}
