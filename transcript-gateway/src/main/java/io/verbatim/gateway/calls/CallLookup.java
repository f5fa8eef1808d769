package io.verbatim.gateway.calls;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.log.BoundedReads;
import io.verbatim.gateway.log.JoinedReads;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/// The calls a viewer may see; it does not reveal that others exist.
///
/// Confined to the event loop. Answers are cold, emit one value on the loop, and fail where the bus
/// does not answer. Identical lookups share one answer, and a bounded number is under way.
public final class CallLookup {

  /// How many calls a viewer is shown at most, those with the newest activity. Live calls are
  /// active at least every five seconds, so that they come before all that have ended.
  public static final int NEWEST = 2_000;

  /// Lists are read one at a time: each takes a command per call.
  private static final int LISTS_AT_ONCE = 1;

  private static final int FINDS_AT_ONCE = 64;

  private static final String ALL_TENANTS = "";

  private final CallDirectory directory;
  private final JoinedReads<CallId, Optional<CallRecord>> lookups;
  private final JoinedReads<String, List<CallRecord>> lists;

  public CallLookup(CallDirectory directory) {
    this.directory = directory;
    BoundedReads finds = new BoundedReads(FINDS_AT_ONCE);
    BoundedReads bounded = new BoundedReads(LISTS_AT_ONCE);
    this.lookups = new JoinedReads<>(call -> finds.run(() -> directory.find(call)));
    this.lists = new JoinedReads<>(tenant -> bounded.run(() -> list(tenant)));
  }

  /// Fails with 404 where there is no such call for this viewer.
  public Mono<CallRecord> visible(CallId call, Viewer viewer) {
    return find(call)
        .map(found ->
            found
                .filter(record -> viewer.sees(record.start().tenant()))
                .orElseThrow(() -> notFound(call.value())));
  }

  /// The call, regardless of who may see it.
  public Mono<Optional<CallRecord>> find(CallId call) {
    return Mono.fromFuture(() -> lookup(call).toCompletableFuture(), true);
  }

  /// The same for callers without Reactor, who must not cancel it.
  public CompletionStage<Optional<CallRecord>> lookup(CallId call) {
    return lookups.apply(call);
  }

  /// Newest first.
  Mono<List<CallRecord>> visible(Viewer viewer) {
    String tenant = Optional.ofNullable(viewer.tenant()).orElse(ALL_TENANTS);
    return Mono.fromFuture(() -> lists.apply(tenant).toCompletableFuture(), true)
        .map(calls -> calls.stream().filter(call -> viewer.sees(call.start().tenant())).toList());
  }

  private CompletionStage<List<CallRecord>> list(String tenant) {
    return tenant.equals(ALL_TENANTS)
        ? directory.newest(NEWEST)
        : directory.newestOf(tenant, NEWEST);
  }

  /// Reads a call id from a path; a text that cannot be one names no call.
  public static CallId id(String text) {
    if (!CallId.isValid(text)) {
      throw notFound("that name");
    }
    return new CallId(text);
  }

  public static ProblemException notFound(String call) {
    return new ProblemException(Problem.of(404, "There is no call " + call + "."));
  }
}
