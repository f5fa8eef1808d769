package io.verbatim.gateway.calls;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The calls a viewer may see; of others it does not even say that they exist.
///
/// Answers are cold, emit one value on a thread of the bus, and fail where the bus cannot be asked.
public final class CallLookup {

  /// How many calls a viewer is shown at most.
  public static final int NEWEST = 500;

  private final CallDirectory directory;

  public CallLookup(CallDirectory directory) {
    this.directory = directory;
  }

  /// Fails with 404 where there is no such call for this viewer.
  public Mono<CallRecord> visible(CallId call, Viewer viewer) {
    return find(call)
        .map(found ->
            found
                .filter(record -> viewer.sees(record.start().tenant()))
                .orElseThrow(() -> notFound(call.value())));
  }

  /// The call, whoever may see it.
  public Mono<Optional<CallRecord>> find(CallId call) {
    return Mono.fromCompletionStage(() -> directory.find(call));
  }

  /// Newest first.
  Mono<List<CallRecord>> visible(Viewer viewer) {
    String tenant = viewer.tenant();
    return Mono.fromCompletionStage(
            () -> tenant == null ? directory.newest(NEWEST) : directory.newestOf(tenant, NEWEST))
        .map(calls -> calls.stream().filter(call -> viewer.sees(call.start().tenant())).toList());
  }

  /// Reads a call id out of a path; what cannot be one names no call.
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
