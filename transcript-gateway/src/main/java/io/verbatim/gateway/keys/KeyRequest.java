package io.verbatim.gateway.keys;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.security.http.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The key that an operator requests:
/// `{"name":"…","tenant":"…","scopes":["transcripts:read"],"expiresAt":"2027-01-31T00:00:00Z"}`.
/// Tenant and expiry are optional.
///
/// @param tenant null for all tenants
/// @param expiresAt null for never
record KeyRequest(
    String name, @Nullable String tenant, Set<String> scopes, @Nullable Instant expiresAt) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int MAX_NAME = 100;
  private static final int MAX_TENANT = 200;
  private static final List<String> SCOPES =
      List.of(
          Viewer.READ,
          Viewer.AUDIO,
          Viewer.TRANSCRIBE,
          Viewer.TRANSLATE,
          Viewer.ERASE,
          Viewer.USAGE,
          Viewer.OPS);

  /// Reads a request. A viewer of one tenant makes keys of this tenant, and no viewer grants a
  /// scope that it does not have, except that an operator grants any.
  static KeyRequest parse(String body, Viewer viewer, Instant now) {
    JsonNode json = object(body);
    for (String field : json.propertyNames()) {
      if (!Set.of("name", "tenant", "scopes", "expiresAt").contains(field)) {
        throw invalid(Problem.shown(field), "is not known: use name, tenant, scopes and expiresAt");
      }
    }
    return new KeyRequest(name(json), tenant(json, viewer), scopes(json), expiresAt(json, now));
  }

  private static JsonNode object(String body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (JacksonException _) {
      // Reported below.
    }
    throw new ProblemException(
        Problem.of(400, "The body must be a JSON object with name and scopes."));
  }

  private static String name(JsonNode json) {
    String name = json.path("name").isString() ? json.path("name").asString().strip() : "";
    if (name.isEmpty()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw invalid("name", "must be a text of 1 to " + MAX_NAME + " characters");
    }
    return name;
  }

  private static @Nullable String tenant(JsonNode json, Viewer viewer) {
    JsonNode given = json.path("tenant");
    if (given.isMissingNode() || given.isNull()) {
      return viewer.tenant();
    }
    String tenant = given.isString() ? given.asString() : "";
    if (tenant.isBlank()
        || tenant.length() > MAX_TENANT
        || tenant.chars().anyMatch(Character::isISOControl)) {
      throw invalid("tenant", "must be a text of 1 to " + MAX_TENANT + " characters");
    }
    if (viewer.tenant() != null && !viewer.tenant().equals(tenant)) {
      throw new ProblemException(
          Problem.of(403, "A token of one tenant makes API keys of this tenant only."));
    }
    return tenant;
  }

  private static Set<String> scopes(JsonNode json) {
    Set<String> scopes = new LinkedHashSet<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asString("")));
    if (scopes.isEmpty() || !SCOPES.containsAll(scopes)) {
      throw invalid("scopes", "must list one or more of " + String.join(", ", SCOPES));
    }
    return scopes;
  }

  private static @Nullable Instant expiresAt(JsonNode json, Instant now) {
    JsonNode given = json.path("expiresAt");
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    try {
      Instant time = OffsetDateTime.parse(given.asString("")).toInstant();
      if (time.isAfter(now) && time.isBefore(Instant.parse("9999-01-01T00:00:00Z"))) {
        return time;
      }
    } catch (DateTimeException _) {
      // Reported below.
    }
    throw invalid("expiresAt", "must be a time in the future such as 2027-01-31T00:00:00Z");
  }

  private static ProblemException invalid(String field, String reason) {
    return new ProblemException(
        new Problem(400, "", "The field \"%s\" %s.".formatted(field, reason), field));
  }
}
