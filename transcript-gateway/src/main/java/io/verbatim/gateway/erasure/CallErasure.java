package io.verbatim.gateway.erasure;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EraseOutcome;
import io.verbatim.record.erasure.Erasure;
import io.verbatim.record.erasure.Erasures;
import io.verbatim.record.numbers.PhoneNumber;
import io.verbatim.security.http.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Erases calls in the archive and then in the log, so that no gateway archives them in between. A
/// failed erasure can be repeated. Confined to the event loop.
public final class CallErasure {

  /// The calls of a number.
  ///
  /// @param hash of the number
  /// @param live calls that were not erased, because they are live
  record Result(String hash, List<String> erased, List<String> live) {
    Result {
      erased = List.copyOf(erased);
      live = List.copyOf(live);
    }
  }

  private static final Logger logger = LoggerFactory.getLogger(CallErasure.class);
  private static final int PAGE = 500;
  private static final int CONCURRENT_FINDS = 16;

  private final CallDirectory directory;
  private final CallLookup lookup;
  private final Erasures erasures;

  public CallErasure(CallDirectory directory, CallLookup lookup, Erasures erasures) {
    this.directory = directory;
    this.lookup = lookup;
    this.erasures = erasures;
  }

  /// Erases a call. Fails with 404 if the viewer sees and saw no such call, and with 409 if it is
  /// live.
  ///
  /// @param requested the tenant; null if the viewer sees all tenants and named none
  Mono<List<Erasure>> erase(CallId call, @Nullable String requested, Viewer viewer) {
    return inLog(call)
        .flatMap(found -> {
          Optional<CallRecord> own = found.filter(record -> isOf(record, requested));
          if (own.filter(record -> record.state() == CallRecord.State.LIVE).isPresent()) {
            throw new ProblemException(
                Problem.named(409, "call_is_live", "The call is live. Erase it after its end."));
          }
          return tenant(call, requested, own, viewer)
              .flatMap(tenant -> erase(call, tenant, own, viewer));
        })
        .flatMap(proofs ->
            proofs.isEmpty() ? Mono.error(CallLookup.notFound(call.value())) : Mono.just(proofs));
  }

  private static boolean isOf(CallRecord record, @Nullable String tenant) {
    return tenant == null || record.start().tenant().equals(tenant);
  }

  /// The owner of the call: the requested tenant, else that of the newest call with this id.
  private Mono<String> tenant(
      CallId call, @Nullable String requested, Optional<CallRecord> inLog, Viewer viewer) {
    if (requested != null) {
      return Mono.just(requested);
    }
    if (inLog.isPresent()) {
      return Mono.just(inLog.get().start().tenant());
    }
    return lookup.visible(call, viewer).map(found -> found.record().start().tenant());
  }

  private Mono<List<Erasure>> erase(
      CallId call, String tenant, Optional<CallRecord> inLog, Viewer viewer) {
    return Mono.fromCompletionStage(() -> erasures.erase(call, tenant, inLog, viewer.auditName()))
        .flatMap(proofs ->
            inLog.isEmpty()
                ? Mono.just(proofs)
                : Mono.fromCompletionStage(() -> directory.erase(call))
                    .map(outcome -> checked(outcome, proofs)))
        .doOnNext(proofs -> {
          if (!proofs.isEmpty()) {
            logger.info("call.erased callId={} by=\"{}\"", call, viewer.auditName());
          }
        });
  }

  /// The call began again with the same id meanwhile, or it was live.
  private static List<Erasure> checked(EraseOutcome outcome, List<Erasure> proofs) {
    if (outcome == EraseOutcome.LIVE) {
      throw new ProblemException(
          Problem.named(409, "call_is_live", "The call is live. Erase it after its end."));
    }
    return proofs;
  }

  /// Erases all calls of a tenant from or to a number.
  Mono<Result> erase(PhoneNumber number, String tenant, Viewer viewer) {
    return inLog(number, tenant, 0, new ArrayList<>())
        .flatMap(found ->
            Mono.fromCompletionStage(() -> erasures.callsWith(number, tenant))
                .flatMap(archived -> erase(found, archived, tenant, viewer)));
  }

  private Mono<Result> erase(
      List<CallRecord> inLog, Erasures.OfNumber archived, String tenant, Viewer viewer) {
    Set<CallId> ended = new LinkedHashSet<>();
    List<String> live = new ArrayList<>();
    for (CallRecord record : inLog) {
      if (record.state() == CallRecord.State.LIVE) {
        live.add(record.call().value());
      } else {
        ended.add(record.call());
      }
    }
    ended.addAll(archived.calls());
    return Flux.fromIterable(ended)
        .filter(call -> !live.contains(call.value()))
        .concatMap(call ->
            inLog(call)
                .flatMap(record ->
                    erase(call, tenant, record.filter(known -> isOf(known, tenant)), viewer))
                .thenReturn(call.value()))
        .collectList()
        .map(erased -> new Result(archived.hash(), erased, live));
  }

  /// Searches the whole directory, page by page.
  private Mono<List<CallRecord>> inLog(
      PhoneNumber number, String tenant, int from, List<CallRecord> matching) {
    return Mono.fromCompletionStage(() -> directory.activity(from, PAGE))
        .flatMap((Map<CallId, Instant> page) ->
            Flux.fromIterable(page.keySet())
                .flatMap(this::inLog, CONCURRENT_FINDS)
                .filter(found -> found.filter(record -> isOf(record, tenant)).isPresent())
                .map(Optional::orElseThrow)
                .filter(record ->
                    number.matches(record.start().from()) || number.matches(record.start().to()))
                .doOnNext(matching::add)
                .then(
                    Mono.defer(() ->
                        page.size() < PAGE
                            ? Mono.just(matching)
                            : inLog(number, tenant, from + PAGE, matching))));
  }

  private Mono<Optional<CallRecord>> inLog(CallId call) {
    return Mono.fromCompletionStage(() -> directory.find(call));
  }
}
