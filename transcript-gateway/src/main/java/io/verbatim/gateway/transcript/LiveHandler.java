package io.verbatim.gateway.transcript;

import io.verbatim.batch.translator.Language;
import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.hub.Captions;
import io.verbatim.gateway.hub.TranscriptHub;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Opens streams of one call or of a page of calls. Confined to the event loop.
///
/// A status other than 200 ends an EventSource permanently, so it is sent only if it cannot change:
/// 404 for a call the viewer may not see, and 204 for a stream whose last event the client has
/// received.
public final class LiveHandler {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_LINES = 20;
  private static final int DEFAULT_LINES = 2;

  /// The end of a transcript and, nearly always, its last final.
  private static final int LAST_ENTRIES = 20;

  private final TranscriptHub hub;
  private final CallLookup calls;
  private final Bus bus;
  private final EventLoop loop;
  private final TranscriptReads reads;
  private final String noTranslator;

  /// Runs timeouts on the event loop, because the lookups and reads after them are confined to it.
  private final Scheduler timer;

  /// @param noTranslator why no calls are translated; empty if they are
  public LiveHandler(
      TranscriptHub hub,
      CallLookup calls,
      Bus bus,
      TranscriptReads reads,
      String noTranslator,
      EventLoop loop) {
    this.noTranslator = noTranslator;
    this.hub = hub;
    this.calls = calls;
    this.bus = bus;
    this.loop = loop;
    this.reads = reads;
    this.timer = Schedulers.fromExecutorService(loop.netty());
  }

  /// `GET /v1/live`
  public Mono<ServerResponse> page(ServerRequest request) {
    int lines =
        Parameters.number("lines", request.queryParam("lines"), 0, MAX_LINES, DEFAULT_LINES);
    CallId call =
        request.queryParam("call").filter(id -> !id.isEmpty()).map(LiveHandler::call).orElse(null);
    ResumeId last = lastEventId(request);
    if (last.isEvicted()) {
      return ServerResponse.noContent().build();
    }
    Viewer viewer = AccessHandler.viewer(request);
    Captions captions = captions(request, last);
    Mono<ServerResponse> stream =
        StreamHandler.respond(
            request,
            loop,
            connection -> hub.openPage(connection, lines, call, last.entry(), captions, viewer));
    return call == null ? stream : visible(request, call, viewer).then(stream);
  }

  /// `GET /v1/calls/{callId}/transcript` as a stream.
  Mono<ServerResponse> transcript(ServerRequest request, CallId call) {
    ResumeId last = lastEventId(request);
    if (last.isEvicted()) {
      return ServerResponse.noContent().build();
    }
    Viewer viewer = AccessHandler.viewer(request);
    Captions captions = captions(request, last);
    return visible(request, call, viewer)
        .defaultIfEmpty(Optional.empty())
        .flatMap(found ->
            isLive(found)
                ? Mono.just(false)
                : isOver(call, found.map(FoundCall::reads).orElse(reads), last, captions))
        .flatMap(over ->
            over
                ? ServerResponse.noContent().build()
                : StreamHandler.respond(
                    request,
                    loop,
                    connection -> hub.openCall(connection, call, last.entry(), captions, viewer)));
  }

  /// The language in `translate`; null if there is none.
  private @Nullable Captions captions(ServerRequest request, ResumeId last) {
    Optional<String> tag = request.queryParam("translate").filter(text -> !text.isEmpty());
    if (tag.isEmpty()) {
      return null;
    }
    Language language =
        Language.ofTag(tag.get())
            .orElseThrow(() ->
                Parameters.invalid(
                    "translate", tag.get(), "the code of a language, such as es or pt-BR"));
    if (!noTranslator.isEmpty()) {
      throw new ProblemException(Problem.named(400, "no_translator", noTranslator));
    }
    return new Captions(language, last.translated());
  }

  /// Fails with 404 if the viewer may not see the call. Empty if the call has not begun or the
  /// directory does not answer; then the stream waits for it.
  private Mono<Optional<FoundCall>> visible(ServerRequest request, CallId call, Viewer viewer) {
    return withTimeout(calls.find(call, viewer))
        .map(found -> {
          if (found.isPresent()) {
            if (!viewer.sees(tenant(found))) {
              throw CallLookup.notFound(call.value());
            }
            AuditFilter.concerns(request, tenant(found));
          }
          return found;
        });
  }

  private static boolean isLive(Optional<FoundCall> call) {
    return call.map(FoundCall::record)
        .map(CallRecord::state)
        .filter(CallRecord.State.LIVE::equals)
        .isPresent();
  }

  /// Whether the client was sent the end of the transcript, and its last translation.
  private Mono<Boolean> isOver(
      CallId call, TranscriptReads source, ResumeId last, @Nullable Captions captions) {
    Optional<String> id =
        Optional.ofNullable(last.entry()).flatMap(Position::ofCursor).map(Position::id);
    if (id.isEmpty()) {
      return Mono.just(false);
    }
    return withTimeout(read(() -> source.newest(call, LAST_ENTRIES)))
        .map(newest ->
            hasEndedAt(newest, last.entry())
                && (captions == null || isTranslated(newest, last.translated())))
        .defaultIfEmpty(false);
  }

  private static <T> Mono<T> read(Supplier<CompletionStage<T>> query) {
    return Mono.fromFuture(() -> query.get().toCompletableFuture(), true);
  }

  private static boolean hasEndedAt(List<TranscriptEntry> newest, @Nullable String cursor) {
    return !newest.isEmpty()
        && newest.getLast() instanceof TranscriptEntry.Ended ended
        && ended.cursor().equals(cursor);
  }

  private static boolean isTranslated(List<TranscriptEntry> newest, @Nullable String cursor) {
    return newest.reversed().stream()
        .filter(entry -> entry instanceof TranscriptEntry.Final)
        .findFirst()
        .map(last -> last.cursor().equals(cursor))
        .orElse(true);
  }

  /// Empty if the bus or the archive does not answer in time.
  private <T> Mono<T> withTimeout(Mono<T> query) {
    return bus.health() instanceof BusHealth.Away
        ? Mono.empty()
        : query.timeout(TIMEOUT, timer).onErrorResume(_ -> Mono.empty());
  }

  private static String tenant(Optional<FoundCall> call) {
    return call.orElseThrow().record().start().tenant();
  }

  private static CallId call(String id) {
    if (!CallId.isValid(id)) {
      throw Parameters.invalid("call", id, "a call id: 1 to 128 of A-Z a-z 0-9 . _ -");
    }
    return new CallId(id);
  }

  private static ResumeId lastEventId(ServerRequest request) {
    return ResumeId.of(
        request.headers().firstHeader("Last-Event-ID"),
        request.queryParam("lastEventId").orElse(null));
  }
}
