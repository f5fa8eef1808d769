package io.verbatim.gateway.calls;

import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.log.TranscriptScan;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.Json;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/calls` and `GET /v1/calls/{callId}`.
public final class CallsHandler {

  private enum State {
    LIVE,
    ENDED,
    ALL;

    boolean covers(CallRecord call) {
      return this == ALL || name().equals(call.state().name());
    }
  }

  private record Calls(List<CallView> calls) {}

  /// Of a transcript, what its ledger shows.
  private static final class Gaps implements TranscriptScan.Summary {
    private final List<TranscriptEntry> found = new ArrayList<>();

    @Override
    public void add(List<TranscriptEntry> entries) {
      entries.stream().filter(TranscriptEntry.Gap.class::isInstance).forEach(found::add);
    }
  }

  private static final int USUAL_LIMIT = 100;

  private final CallLookup calls;
  private final TranscriptScan scan;
  private final EventLoop loop;

  public CallsHandler(CallLookup calls, TranscriptReads reads, EventLoop loop) {
    this.calls = calls;
    this.scan = new TranscriptScan(reads, loop);
    this.loop = loop;
  }

  public Mono<ServerResponse> list(ServerRequest request) {
    State state = Parameters.oneOf("state", request.queryParam("state"), State.class, State.LIVE);
    int limit =
        Parameters.number("limit", request.queryParam("limit"), 1, CallLookup.NEWEST, USUAL_LIMIT);
    Viewer viewer = AccessHandler.viewer(request);
    return calls
        .visible(viewer)
        .flatMap(all -> json(() -> new Calls(newestFirst(all, state, limit, viewer))));
  }

  public Mono<ServerResponse> one(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    return calls
        .visible(CallLookup.id(request.pathVariable("callId")), viewer)
        .flatMap(call ->
            Mono.fromCompletionStage(() -> scan.read(call.call(), Gaps::new))
                .flatMap(
                    gaps -> json(() -> LedgerView.of(call, gaps.found, viewer.has(Viewer.OPS)))));
  }

  private static List<CallView> newestFirst(
      List<CallRecord> calls, State state, int limit, Viewer viewer) {
    return calls.stream()
        .filter(state::covers)
        .map(call -> CallView.of(call, viewer.has(Viewer.OPS)))
        .sorted(Comparator.comparing(CallView::startedAt).reversed())
        .limit(limit)
        .toList();
  }

  /// Hundreds of calls, or a long transcript, take longer than the loop may be held.
  private Mono<ServerResponse> json(Supplier<Object> view) {
    return Mono.fromCompletionStage(() -> loop.offload(() -> Json.bytes(view.get())))
        .flatMap(
            json -> ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(json));
  }
}
