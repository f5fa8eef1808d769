package io.verbatim.gateway.calls;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.json.JsonResponse;
import io.verbatim.gateway.log.TranscriptScan;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.statistics.SpeechTimeline;
import io.verbatim.gateway.view.CallDetail;
import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.record.database.DatabaseUnavailableException;
import io.verbatim.service.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  /// @param archiveAvailable false if archived calls are missing, because the database is away
  private record Calls(
      List<CallView> calls,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean archiveAvailable) {}

  /// The gaps of a transcript, for its ledger, and its statistics.
  private static final class Contents implements TranscriptScan.Summary {
    private final List<TranscriptEntry> gaps = new ArrayList<>();
    private final SpeechTimeline timeline = new SpeechTimeline();

    @Override
    public void add(List<TranscriptEntry> entries) {
      entries.stream().filter(TranscriptEntry.Gap.class::isInstance).forEach(gaps::add);
      entries.forEach(timeline::add);
    }

    CallDetail detail(CallRecord call, boolean fullNumbers) {
      return new CallDetail(LedgerView.of(call, gaps, fullNumbers), timeline.statistics());
    }
  }

  private static final int DEFAULT_LIMIT = 100;

  private final CallLookup calls;
  private final EventLoop loop;

  public CallsHandler(CallLookup calls, EventLoop loop) {
    this.calls = calls;
    this.loop = loop;
  }

  public Mono<ServerResponse> list(ServerRequest request) {
    State state = Parameters.oneOf("state", request.queryParam("state"), State.class, State.LIVE);
    int limit =
        Parameters.number(
            "limit", request.queryParam("limit"), 1, CallLookup.MAX_LISTED, DEFAULT_LIMIT);
    Instant before = Parameters.time("before", request.queryParam("before")).orElse(Instant.MAX);
    Viewer viewer = AccessHandler.viewer(request);
    return calls
        .visible(viewer)
        .flatMap(all -> withArchived(all, state, before, limit, viewer))
        .flatMap(list -> json(() -> list));
  }

  public Mono<ServerResponse> one(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    return calls
        .visible(CallLookup.id(request.pathVariable("callId")), viewer)
        .doOnNext(call -> AuditFilter.concerns(request, call.record().start().tenant()))
        .flatMap(call ->
            Mono.fromCompletionStage(() -> scan(call))
                .flatMap(contents ->
                    json(() -> contents.detail(call.record(), viewer.has(Viewer.OPS)))));
  }

  private CompletionStage<Contents> scan(FoundCall call) {
    return new TranscriptScan(call.reads(), loop).read(call.record().call(), Contents::new);
  }

  /// Adds calls of the archive if the log has fewer ended calls than are wanted.
  private Mono<Calls> withArchived(
      List<CallRecord> inLog, State state, Instant before, int limit, Viewer viewer) {
    List<CallRecord> found =
        inLog.stream()
            .filter(state::covers)
            .filter(call -> call.start().started().isBefore(before))
            .toList();
    if (state == State.LIVE || found.size() >= limit) {
      return Mono.just(new Calls(newestFirst(found, limit, viewer), null));
    }
    return calls
        .archived(viewer, before, limit)
        .map(
            archived -> new Calls(newestFirst(merged(inLog, found, archived), limit, viewer), null))
        .onErrorResume(
            DatabaseUnavailableException.class,
            _ -> Mono.just(new Calls(newestFirst(found, limit, viewer), false)));
  }

  private static List<CallRecord> merged(
      List<CallRecord> inLog, List<CallRecord> found, List<CallRecord> archived) {
    Set<CallIdentity> known = inLog.stream().map(CallIdentity::of).collect(Collectors.toSet());
    return Stream.concat(
            found.stream(),
            archived.stream().filter(call -> !known.contains(CallIdentity.of(call))))
        .toList();
  }

  private static List<CallView> newestFirst(List<CallRecord> calls, int limit, Viewer viewer) {
    return calls.stream()
        .map(call -> CallView.of(call, viewer.has(Viewer.OPS)))
        .sorted(Comparator.comparing(CallView::startedAt).reversed())
        .limit(limit)
        .toList();
  }

  /// Encodes off the loop, because hundreds of calls or a long transcript take more than a
  /// millisecond.
  private Mono<ServerResponse> json(Supplier<Object> view) {
    return Mono.fromCompletionStage(() -> loop.offload(() -> Json.bytes(view.get())))
        .flatMap(JsonResponse::ofEncoded);
  }
}
