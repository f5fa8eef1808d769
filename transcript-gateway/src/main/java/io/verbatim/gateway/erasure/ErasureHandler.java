package io.verbatim.gateway.erasure;

import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.json.JsonResponse;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.record.erasure.Erasure;
import io.verbatim.record.numbers.PhoneNumber;
import io.verbatim.security.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `DELETE /v1/calls/{callId}` and `POST /v1/erasures`.
public final class ErasureHandler {

  private record Proof(
      long erasure, String callId, Instant startedAt, Instant erasedAt, String erasedBy) {
    static Proof of(Erasure erasure) {
      return new Proof(
          erasure.id(),
          erasure.call().value(),
          erasure.startedAt(),
          erasure.erasedAt(),
          erasure.erasedBy());
    }
  }

  private record Proofs(List<Proof> erased) {}

  /// @param live calls with the number that are live, and were not erased
  private record OfNumber(List<String> erased, List<String> live) {}

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Set<String> FIELDS = Set.of("number", "tenant");

  private final CallErasure erasure;

  public ErasureHandler(CallErasure erasure) {
    this.erasure = erasure;
  }

  public Mono<ServerResponse> call(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    CallId call = CallLookup.id(request.pathVariable("callId"));
    String requested = AccessHandler.requestedTenant(viewer, request.queryParam("tenant"));
    return erasure
        .erase(call, requested, viewer)
        .doOnNext(proofs -> AuditFilter.concerns(request, proofs.getFirst().tenant()))
        .flatMap(proofs -> JsonResponse.of(new Proofs(proofs.stream().map(Proof::of).toList())));
  }

  public Mono<ServerResponse> number(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    return request
        .bodyToMono(String.class)
        .defaultIfEmpty("")
        .flatMap(body -> {
          JsonNode json = object(body);
          PhoneNumber number =
              Optional.of(json.path("number"))
                  .filter(JsonNode::isString)
                  .flatMap(text -> PhoneNumber.parse(text.asString()))
                  .orElseThrow(() -> invalid("number", "must be a phone number as a text"));
          String tenant = tenant(json, viewer);
          AuditFilter.concerns(request, tenant);
          return erasure.erase(number, tenant, viewer);
        })
        .doOnNext(result -> AuditFilter.object(request, "number:" + result.hash()))
        .flatMap(result -> JsonResponse.of(new OfNumber(result.erased(), result.live())));
  }

  private static String tenant(JsonNode json, Viewer viewer) {
    String given = json.path("tenant").asString("");
    String tenant =
        AccessHandler.requestedTenant(viewer, Optional.of(given).filter(name -> !name.isEmpty()));
    if (tenant == null) {
      throw invalid("tenant", "is required with a token of all tenants");
    }
    return tenant;
  }

  private static JsonNode object(String body) {
    @Nullable JsonNode json = null;
    try {
      json = MAPPER.readTree(body);
    } catch (JacksonException _) {
      // Reported below.
    }
    if (json == null || !json.isObject() || !FIELDS.containsAll(json.propertyNames())) {
      throw new ProblemException(
          Problem.of(400, "The body must be a JSON object with number, and tenant if needed."));
    }
    return json;
  }

  private static ProblemException invalid(String field, String reason) {
    return new ProblemException(
        new Problem(400, "", "The field \"%s\" %s.".formatted(field, reason), field));
  }
}
