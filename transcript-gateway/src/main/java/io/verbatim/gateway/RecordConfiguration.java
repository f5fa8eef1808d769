package io.verbatim.gateway;

import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.audit.AuditHandler;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.erasure.CallErasure;
import io.verbatim.gateway.erasure.ErasureHandler;
import io.verbatim.gateway.keys.ApiKeysHandler;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.search.SearchHandler;
import io.verbatim.gateway.usage.UsageHandler;
import io.verbatim.pubsub.Bus;
import io.verbatim.record.CallRecords;
import io.verbatim.record.audit.AuditAction;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/// The paths that need the database of ended calls.
@Configuration(proxyBeanMethods = false)
class RecordConfiguration {

  private static final List<String> PATHS =
      List.of(
          "/v1/search",
          "/v1/usage",
          "/v1/api-keys",
          "/v1/api-keys/{id}",
          "/v1/erasures",
          "/v1/audit");

  /// Without a database these paths answer 404 with the reason, after the check of the token.
  @Bean
  @Order(-1)
  RouterFunction<ServerResponse> recordRoutes(
      CallRecords records,
      AccessHandler access,
      AuditFilter audit,
      CallLookup calls,
      TranscriptReads reads,
      EventLoop eventLoop,
      Bus bus,
      InstantSource clock) {
    RouterFunction<ServerResponse> routes =
        records
            .parts()
            .map(parts ->
                reading(parts, access, audit, calls, reads, eventLoop)
                    .and(operating(parts, access, audit, eventLoop, clock))
                    .and(
                        erasing(
                            new CallErasure(bus.calls(), calls, parts.erasures()), access, audit)))
            .orElseGet(() -> withoutDatabase(access));
    return RouterFunctions.route()
        .add(routes)
        .onError(Throwable.class, ProblemHandler::failed)
        .build();
  }

  private static RouterFunction<ServerResponse> reading(
      CallRecords.Parts parts,
      AccessHandler access,
      AuditFilter audit,
      CallLookup calls,
      TranscriptReads reads,
      EventLoop eventLoop) {
    SearchHandler search = new SearchHandler(parts.search(), calls, reads, eventLoop);
    return RouterFunctions.route()
        .GET("/v1/search", audit.record(AuditAction.SEARCH, AuditFilter.CALLS, search::search))
        .filter(access.requireRead())
        .build();
  }

  private static RouterFunction<ServerResponse> operating(
      CallRecords.Parts parts,
      AccessHandler access,
      AuditFilter audit,
      EventLoop eventLoop,
      InstantSource clock) {
    UsageHandler usage = new UsageHandler(parts.usage(), clock, eventLoop);
    ApiKeysHandler keys = new ApiKeysHandler(parts.keys(), clock, eventLoop);
    AuditHandler entries = new AuditHandler(parts.audit());
    RouterFunction<ServerResponse> accounting =
        RouterFunctions.route()
            .GET("/v1/usage", usage::get)
            .filter(access.require(Viewer.USAGE, Viewer.OPS))
            .build();
    RouterFunction<ServerResponse> operating =
        RouterFunctions.route()
            .POST("/v1/api-keys", audit.record(AuditAction.CREATE_KEY, "key", keys::create))
            .GET("/v1/api-keys", keys::list)
            .DELETE(
                "/v1/api-keys/{id}",
                audit.record(AuditAction.REVOKE_KEY, AuditFilter::key, keys::revoke))
            .GET("/v1/audit", audit.record(AuditAction.READ, "audit", entries::list))
            .filter(access.requireOps())
            .build();
    return accounting.and(operating);
  }

  private static RouterFunction<ServerResponse> erasing(
      CallErasure erasure, AccessHandler access, AuditFilter audit) {
    ErasureHandler handler = new ErasureHandler(erasure);
    return RouterFunctions.route()
        .DELETE(
            "/v1/calls/{callId}", audit.record(AuditAction.ERASE, AuditFilter::call, handler::call))
        .POST("/v1/erasures", audit.record(AuditAction.ERASE, "number", handler::number))
        .filter(access.require(Viewer.ERASE, Viewer.OPS))
        .build();
  }

  private static RouterFunction<ServerResponse> withoutDatabase(AccessHandler access) {
    HandlerFunction<ServerResponse> absent =
        _ ->
            ProblemHandler.respond(
                Problem.named(
                    404, "no_database", "This gateway has no database: DATABASE_URL is not set."));
    return PATHS.stream()
        .map(path -> RouterFunctions.route(RequestPredicates.path(path), absent))
        .reduce(RouterFunction::and)
        .orElseThrow()
        .filter(access.requireAny());
  }
}
