package io.verbatim.gateway.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.export.ExportedCall;
import io.verbatim.gateway.export.TranscriptExport;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.gateway.export.TranscriptPages;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.service.EventLoop;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/calls/{callId}/transcript` in the form that `?format=` or else `Accept` asks for.
public final class TranscriptHandler {

  private final LiveHandler live;
  private final CallLookup calls;
  private final TranscriptLog transcripts;
  private final EventLoop loop;

  public TranscriptHandler(
      LiveHandler live, CallLookup calls, TranscriptLog transcripts, EventLoop loop) {
    this.live = live;
    this.calls = calls;
    this.transcripts = transcripts;
    this.loop = loop;
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
            Mono.fromCompletionStage(() -> TranscriptPages.all(transcripts, call))
                .map(transcript -> new ExportedCall(found, transcript, viewer.has(Viewer.OPS))))
        .flatMap(exported ->
            Mono.fromCompletionStage(
                () -> loop.offload(() -> TranscriptExport.write(format, exported).getBytes(UTF_8))))
        .flatMap(text -> document(call, format, text));
  }

  private static Mono<ServerResponse> document(CallId call, TranscriptFormat format, byte[] text) {
    String file = call.value() + "." + format.extension();
    return ServerResponse.ok()
        .header("Content-Type", format.mediaType() + "; charset=utf-8")
        .header("Content-Disposition", "inline; filename=\"" + file + "\"")
        .bodyValue(text);
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
