package io.verbatim.gateway.audit;

import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.json.JsonResponse;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.record.audit.AuditAction;
import io.verbatim.record.audit.AuditCursor;
import io.verbatim.record.audit.AuditEntry;
import io.verbatim.record.audit.AuditLog;
import io.verbatim.record.audit.AuditPage;
import io.verbatim.record.audit.AuditQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/audit`: the audit log, newest first. A viewer of one tenant sees the entries of this
/// tenant only.
public final class AuditHandler {

  private record EntryView(
      Instant at,
      @Nullable String tenant,
      String actor,
      String action,
      String object,
      String outcome,
      String address) {

    static EntryView of(AuditEntry entry) {
      return new EntryView(
          entry.at(),
          entry.tenant(),
          entry.actor(),
          entry.action().wireName(),
          entry.object(),
          entry.outcome().wireName(),
          entry.address());
    }
  }

  /// @param next the value of `after` for the next page; null at the end
  private record Entries(List<EntryView> entries, @Nullable String next) {
    static Entries of(AuditPage page) {
      return new Entries(
          page.entries().stream().map(EntryView::of).toList(),
          page.next().map(AuditCursor::toString).orElse(null));
    }
  }

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 500;

  private final AuditLog log;

  public AuditHandler(AuditLog log) {
    this.log = log;
  }

  public Mono<ServerResponse> list(ServerRequest request) {
    AuditQuery query = query(request);
    return Mono.fromCompletionStage(() -> log.find(query))
        .flatMap(page -> JsonResponse.of(Entries.of(page)));
  }

  private static AuditQuery query(ServerRequest request) {
    Optional<AuditCursor> after =
        request
            .queryParam("after")
            .map(given ->
                AuditCursor.parse(given)
                    .orElseThrow(
                        () -> Parameters.invalid("after", given, "the `next` of the page before")));
    String tenant =
        AccessHandler.requestedTenant(AccessHandler.viewer(request), request.queryParam("tenant"));
    AuditFilter.concerns(request, tenant);
    return new AuditQuery(
        Parameters.timeOrDay("from", request.queryParam("from")).orElse(null),
        Parameters.timeOrDay("to", request.queryParam("to")).orElse(null),
        tenant,
        action(request.queryParam("action")),
        after.orElse(null),
        Parameters.number("limit", request.queryParam("limit"), 1, MAX_LIMIT, DEFAULT_LIMIT));
  }

  private static @Nullable AuditAction action(Optional<String> given) {
    return given.isEmpty()
        ? null
        : Parameters.oneOf("action", given, AuditAction.class, AuditAction.READ);
  }
}
