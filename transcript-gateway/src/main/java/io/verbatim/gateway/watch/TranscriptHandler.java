package io.verbatim.gateway.watch;

import io.netty.channel.Channel;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.export.ExportedCall;
import io.verbatim.gateway.export.TranscriptExport;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.gateway.export.TranscriptSummary;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.log.TranscriptScan;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.service.EventLoop;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/calls/{callId}/transcript` in the form that `?format=` or else `Accept` asks for.
public final class TranscriptHandler {

  private static final Logger logger = LoggerFactory.getLogger(TranscriptHandler.class);

  private final LiveHandler live;
  private final CallLookup calls;
  private final TranscriptReads reads;
  private final TranscriptScan scan;
  private final EventLoop loop;
  private final GatewayMetrics metrics;

  public TranscriptHandler(
      LiveHandler live,
      CallLookup calls,
      TranscriptReads reads,
      EventLoop loop,
      GatewayMetrics metrics) {
    this.live = live;
    this.calls = calls;
    this.reads = reads;
    this.scan = new TranscriptScan(reads, loop);
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
    return calls
        .visible(call, viewer)
        .flatMap(found ->
            Mono.fromCompletionStage(() -> scan.read(call, TranscriptSummary::new))
                .map(summary -> new ExportedCall(found, summary, viewer.has(Viewer.OPS))))
        .flatMap(exported -> document(format, exported));
  }

  private Mono<ServerResponse> document(TranscriptFormat format, ExportedCall exported) {
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

  /// The client must see that the document is not whole, so its connection is closed without the
  /// last chunk.
  private Mono<DataBuffer> abort(CallId call, Throwable failure, Channel channel) {
    metrics.exportAborted();
    logger.warn("export.aborted callId={} reason=\"{}\"", call, failure.getMessage());
    channel.close();
    return Mono.empty();
  }

  private static TranscriptFormat format(ServerRequest request) {
    Optional<String> asked = request.queryParam("format");
    if (asked.isPresent()) {
      return TranscriptFormat.named(asked.get())
          .orElseThrow(
              () -> Parameters.refused("format", "must be one of sse, json, txt, vtt, srt"));
    }
    return TranscriptFormat.accepted(preferredFirst(request.headers().accept()))
        .orElseThrow(() ->
            new ProblemException(
                Problem.of(
                    406,
                    "A transcript is text/event-stream, application/json, text/plain, text/vtt or"
                        + " application/x-subrip.")));
  }

  private static List<String> preferredFirst(List<MediaType> accepted) {
    return accepted.stream()
        .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
        .map(type -> type.getType() + "/" + type.getSubtype())
        .toList();
  }
}
