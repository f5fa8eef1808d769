package io.verbatim.gateway.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.json.JsonResponse;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.record.database.DatabaseUnavailableException;
import io.verbatim.record.search.CallSearch;
import io.verbatim.record.search.SearchCursor;
import io.verbatim.record.search.SearchHit;
import io.verbatim.record.search.SearchPage;
import io.verbatim.record.search.SearchQuery;
import io.verbatim.service.EventLoop;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/search`: finals of archived and live calls that match a query.
///
/// The first page begins with hits of live calls. While the archive is away, it has only these.
public final class SearchHandler {

  private record Hit(
      String callId,
      String tenant,
      String state,
      Instant startedAt,
      @Nullable String language,
      long seq,
      long startMs,
      long endMs,
      int speaker,
      String text,
      List<SearchHit.Match> matches) {

    static Hit of(SearchHit hit) {
      return new Hit(
          hit.call().call().value(),
          hit.call().start().tenant(),
          hit.call().state().wireName(),
          hit.call().start().started(),
          hit.call().start().language(),
          hit.seq(),
          hit.startMs(),
          hit.endMs(),
          hit.speaker(),
          hit.text(),
          hit.matches());
    }
  }

  /// @param next the value of `after` for the next page; null at the end
  /// @param archiveAvailable false if archived calls were not searched, because the database is
  ///   away
  private record Hits(
      List<Hit> hits,
      @Nullable String next,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean archiveAvailable) {}

  private static final int MAX_QUERY = 200;
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_SPEAKER = 100;

  private final CallSearch archive;
  private final LiveSearch live;

  public SearchHandler(
      CallSearch archive, CallLookup calls, TranscriptReads reads, EventLoop loop) {
    this.archive = archive;
    this.live = new LiveSearch(calls, reads, loop);
  }

  public Mono<ServerResponse> search(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    SearchQuery query = query(request, viewer);
    AuditFilter.concerns(request, query.tenant());
    Mono<List<SearchHit>> ofLiveCalls =
        query.cursor().equals(SearchCursor.START)
            ? live.search(query, viewer)
            : Mono.just(List.of());
    return ofLiveCalls
        .flatMap(now ->
            Mono.fromCompletionStage(() -> archive.search(query))
                .map(page -> hits(now, page, null))
                .onErrorResume(
                    DatabaseUnavailableException.class,
                    away ->
                        query.cursor().equals(SearchCursor.START)
                            ? Mono.just(
                                hits(now, new SearchPage(List.of(), Optional.empty()), false))
                            : Mono.error(away)))
        .flatMap(JsonResponse::of);
  }

  private static Hits hits(List<SearchHit> live, SearchPage page, @Nullable Boolean available) {
    return new Hits(
        Stream.concat(live.stream(), page.hits().stream()).map(Hit::of).toList(),
        page.next().map(SearchCursor::toString).orElse(null),
        available);
  }

  private static SearchQuery query(ServerRequest request, Viewer viewer) {
    String text = request.queryParam("q").orElse("").strip();
    if (text.isEmpty() || text.length() > MAX_QUERY) {
      throw Parameters.invalid("q", text, "1 to " + MAX_QUERY + " characters");
    }
    SearchCursor cursor =
        request
            .queryParam("after")
            .map(given ->
                SearchCursor.parse(given)
                    .orElseThrow(
                        () -> Parameters.invalid("after", given, "the `next` of the page before")))
            .orElse(SearchCursor.START);
    return new SearchQuery(
        text,
        Parameters.timeOrDay("from", request.queryParam("from")).orElse(null),
        Parameters.timeOrDay("to", request.queryParam("to")).orElse(null),
        AccessHandler.requestedTenant(viewer, request.queryParam("tenant")),
        Parameters.number("speaker", request.queryParam("speaker"), 1, MAX_SPEAKER, 0),
        cursor,
        Parameters.number("limit", request.queryParam("limit"), 1, MAX_LIMIT, DEFAULT_LIMIT));
  }
}
