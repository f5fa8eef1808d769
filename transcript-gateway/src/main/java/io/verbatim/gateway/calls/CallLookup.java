package io.verbatim.gateway.calls;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.log.BoundedReads;
import io.verbatim.gateway.log.JoinedReads;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.record.archive.Archive;
import io.verbatim.record.archive.ArchivedCall;
import io.verbatim.security.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Finds the calls that a viewer may see, without revealing that others exist: in the log, and then
/// in the archive.
///
/// Confined to the event loop. Each Mono is cold, emits one value on the loop, and fails if the log
/// does not answer, or if the log does not have the call and the archive does not answer. Identical
/// lookups share one answer, and a bounded number runs at a time.
public final class CallLookup {

  /// The most calls in a viewer's list, those with the newest activity. Live calls are active at
  /// least every five seconds, so they come before all ended ones.
  public static final int MAX_LISTED = 2_000;

  /// Lists are read one at a time, because each takes a command per call.
  private static final int MAX_CONCURRENT_LISTS = 1;

  static final int MAX_CONCURRENT_FINDS = 64;

  /// Lookups in the archive have their own limit, so that a slow database does not delay lookups in
  /// the log.
  private static final int MAX_CONCURRENT_ARCHIVE_FINDS = 64;

  private static final String ALL_TENANTS = "";

  private record OfTenant(CallId call, @Nullable String tenant) {}

  private final CallDirectory directory;
  private final TranscriptReads log;
  private final @Nullable Archive archive;
  private final JoinedReads<CallId, Optional<CallRecord>> lookups;
  private final JoinedReads<OfTenant, Optional<ArchivedCall>> archived;
  private final JoinedReads<String, List<CallRecord>> lists;

  /// @param log reads the transcripts of the directory's calls
  /// @param archive null if there is none
  public CallLookup(CallDirectory directory, TranscriptReads log, @Nullable Archive archive) {
    this.directory = directory;
    this.log = log;
    this.archive = archive;
    BoundedReads finds = new BoundedReads(MAX_CONCURRENT_FINDS);
    BoundedReads archiveFinds = new BoundedReads(MAX_CONCURRENT_ARCHIVE_FINDS);
    BoundedReads listReads = new BoundedReads(MAX_CONCURRENT_LISTS);
    this.lookups = new JoinedReads<>(call -> finds.run(() -> directory.find(call)));
    this.archived = new JoinedReads<>(key -> archiveFinds.run(() -> findArchived(key)));
    this.lists = new JoinedReads<>(tenant -> listReads.run(() -> list(tenant)));
  }

  /// Fails with 404 if the call does not exist or the viewer may not see it.
  public Mono<FoundCall> visible(CallId call, Viewer viewer) {
    return find(call, viewer)
        .map(found ->
            found
                .filter(visible -> viewer.sees(visible.record().start().tenant()))
                .orElseThrow(() -> notFound(call.value())));
  }

  /// The call that the viewer may see; else the call of another tenant in the log, if there is one.
  public Mono<Optional<FoundCall>> find(CallId call, Viewer viewer) {
    return Mono.fromFuture(() -> lookup(call, viewer).toCompletableFuture(), true);
  }

  /// The same as a stage, which the caller must not cancel.
  public CompletionStage<Optional<FoundCall>> lookup(CallId call, Viewer viewer) {
    return lookups
        .apply(call)
        .thenCompose(found -> {
          Optional<FoundCall> inLog = found.map(record -> FoundCall.inLog(record, log));
          return archive == null
                  || found.filter(record -> viewer.sees(record.start().tenant())).isPresent()
              ? CompletableFuture.completedStage(inLog)
              : inArchive(call, viewer).thenApply(older -> older.or(() -> inLog));
        });
  }

  private CompletionStage<Optional<FoundCall>> inArchive(CallId call, Viewer viewer) {
    return archived
        .apply(new OfTenant(call, viewer.tenant()))
        .thenApply(older -> older.map(this::found));
  }

  private FoundCall found(ArchivedCall call) {
    return new FoundCall(
        call.record(), new TranscriptReads(archive().transcript(call)), call.ref());
  }

  private CompletionStage<Optional<ArchivedCall>> findArchived(OfTenant key) {
    return archive().find(key.call, key.tenant);
  }

  /// The newest archived calls that the viewer may see, newest start first.
  ///
  /// @param before only calls that started before this time
  Mono<List<CallRecord>> archived(Viewer viewer, Instant before, int limit) {
    return archive == null
        ? Mono.just(List.of())
        : Mono.fromCompletionStage(() -> archive().newest(viewer.tenant(), before, limit))
            .map(calls -> calls.stream().map(ArchivedCall::record).toList());
  }

  private Archive archive() {
    if (archive == null) {
      throw new IllegalStateException("no archive is configured");
    }
    return archive;
  }

  /// The calls in the log that the viewer may see, newest activity first.
  public Mono<List<CallRecord>> visible(Viewer viewer) {
    String tenant = Optional.ofNullable(viewer.tenant()).orElse(ALL_TENANTS);
    return Mono.fromFuture(() -> lists.apply(tenant).toCompletableFuture(), true)
        .map(calls -> calls.stream().filter(call -> viewer.sees(call.start().tenant())).toList());
  }

  private CompletionStage<List<CallRecord>> list(String tenant) {
    return tenant.equals(ALL_TENANTS)
        ? directory.newest(MAX_LISTED)
        : directory.newestOf(tenant, MAX_LISTED);
  }

  /// Reads a call id from a path. Fails with 404 if the text is no valid id.
  public static CallId id(String text) {
    if (!CallId.isValid(text)) {
      throw new ProblemException(
          Problem.of(404, "No call has this id: an id has 1 to 128 of A-Z a-z 0-9 . _ -"));
    }
    return new CallId(text);
  }

  public static ProblemException notFound(String call) {
    return new ProblemException(Problem.of(404, "Call " + call + " was not found."));
  }
}
