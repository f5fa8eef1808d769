package io.verbatim.gateway.watch;

import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.hub.EntryIds;
import io.verbatim.gateway.hub.TranscriptHub;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Opens streams: of one call, or of a whole page. Confined to the event loop.
///
/// Any answer but 200 ends an EventSource permanently, so such an answer is given only where it
/// will never change: 404 for a call the viewer may not see, and 204 for a stream whose last event
/// the client has received.
public final class LiveHandler {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_LINES = 20;
  private static final int DEFAULT_LINES = 2;

  private final TranscriptHub hub;
  private final CallLookup calls;
  private final Bus bus;
  private final EventLoop loop;
  private final TranscriptReads reads;

  public LiveHandler(
      TranscriptHub hub, CallLookup calls, Bus bus, TranscriptReads reads, EventLoop loop) {
    this.hub = hub;
    this.calls = calls;
    this.bus = bus;
    this.loop = loop;
    this.reads = reads;
  }

  /// `GET /v1/live`
  public Mono<ServerResponse> page(ServerRequest request) {
    int lines =
        Parameters.number("lines", request.queryParam("lines"), 0, MAX_LINES, DEFAULT_LINES);
    CallId call =
        request.queryParam("call").filter(id -> !id.isEmpty()).map(LiveHandler::call).orElse(null);
    String last = lastEventId(request);
    if (isEvicted(last)) {
      return ServerResponse.noContent().build();
    }
    Viewer viewer = AccessHandler.viewer(request);
    Mono<ServerResponse> stream =
        StreamHandler.respond(
            request, loop, connection -> hub.openPage(connection, lines, call, last, viewer));
    return call == null ? stream : visible(call, viewer).then(stream);
  }

  /// `GET /v1/calls/{callId}/transcript` as a stream.
  Mono<ServerResponse> transcript(ServerRequest request, CallId call) {
    String last = lastEventId(request);
    if (isEvicted(last)) {
      return ServerResponse.noContent().build();
    }
    Viewer viewer = AccessHandler.viewer(request);
    return visible(call, viewer)
        .map(LiveHandler::isLive)
        .defaultIfEmpty(false)
        .flatMap(live -> live ? Mono.just(false) : hasEndedAt(call, last))
        .flatMap(over ->
            over
                ? ServerResponse.noContent().build()
                : StreamHandler.respond(
                    request, loop, connection -> hub.openCall(connection, call, last, viewer)));
  }

  /// Fails with 404 where the viewer may not see the call. A call that has not begun, or a
  /// directory that does not answer, is waited for within the stream; it is empty then.
  private Mono<Optional<CallRecord>> visible(CallId call, Viewer viewer) {
    return ask(calls.find(call))
        .map(found -> {
          if (found.isPresent() && !viewer.sees(tenant(found))) {
            throw CallLookup.notFound(call.value());
          }
          return found;
        });
  }

  private static boolean isLive(Optional<CallRecord> call) {
    return call.map(CallRecord::state).filter(CallRecord.State.LIVE::equals).isPresent();
  }

  private Mono<Boolean> hasEndedAt(CallId call, @Nullable String last) {
    Optional<String> id = Optional.ofNullable(last).flatMap(EntryIds::inCursor);
    if (id.isEmpty()) {
      return Mono.just(false);
    }
    return ask(Mono.fromFuture(() -> reads.find(call, id.get()).toCompletableFuture(), true))
        .map(found ->
            found
                .filter(entry -> entry instanceof TranscriptEntry.Ended)
                .filter(ended -> ended.cursor().equals(last))
                .isPresent())
        .defaultIfEmpty(false);
  }

  /// Empty where the bus does not answer in time.
  private <T> Mono<T> ask(Mono<T> question) {
    return bus.health() instanceof BusHealth.Away
        ? Mono.empty()
        : question.timeout(TIMEOUT).onErrorResume(_ -> Mono.empty());
  }

  private static String tenant(Optional<CallRecord> call) {
    return call.orElseThrow().start().tenant();
  }

  private static CallId call(String id) {
    if (!CallId.isValid(id)) {
      throw Parameters.refused("call", "must be a call id: 1 to 128 of A-Z a-z 0-9 . _ -");
    }
    return new CallId(id);
  }

  private static boolean isEvicted(@Nullable String lastEventId) {
    return lastEventId != null && lastEventId.startsWith(TranscriptEvents.EVICTED_PREFIX);
  }

  private static @Nullable String lastEventId(ServerRequest request) {
    return Optional.ofNullable(request.headers().firstHeader("Last-Event-ID"))
        .or(() -> request.queryParam("lastEventId"))
        .filter(id -> !id.isBlank())
        .orElse(null);
  }
}
