package io.verbatim.gateway.auth;

import io.verbatim.record.keys.ApiKey;
import io.verbatim.security.token.TokenClaims;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The owner of an accepted token or API key, and what it permits.
///
/// @param subject the subject of the token, or the name of the key; empty if it has none
/// @param keyId the id of the API key; null for a token
/// @param tenant the only tenant whose calls this viewer sees; null sees all, and needs `ops`
/// @param scopes what the token or the key grants
/// @param expiresAt when it expires
public record Viewer(
    String subject,
    @Nullable String keyId,
    @Nullable String tenant,
    Set<String> scopes,
    Instant expiresAt) {

  /// Read calls and transcripts.
  public static final String READ = "transcripts:read";

  /// Send audio to ingest. Nothing here needs it.
  public static final String AUDIO = "audio:write";

  /// Transcribe recordings.
  public static final String TRANSCRIBE = "transcriptions:write";

  /// Translate texts.
  public static final String TRANSLATE = "translations:write";

  /// Operate the system: dead letters, full phone numbers, every tenant.
  public static final String OPS = "ops";

  /// Erase calls.
  public static final String ERASE = "transcripts:erase";

  /// See the usage of a tenant.
  public static final String USAGE = "usage:read";

  /// The viewer with these claims.
  static Viewer of(TokenClaims claims) {
    return new Viewer(
        claims.subject().orElse(""),
        null,
        claims.tenantId().orElse(null),
        claims.scopes(),
        claims.expiresAt());
  }

  /// The viewer with this key.
  static Viewer of(ApiKey key) {
    Instant expiresAt = key.expiresAt();
    return new Viewer(
        key.name(),
        key.id(),
        key.tenant(),
        key.scopes(),
        expiresAt == null ? Instant.MAX : expiresAt);
  }

  public Viewer {
    scopes = Set.copyOf(scopes);
  }

  /// Who this is, for lists and logs: `key:<id>` or `token:<subject>`, at most 200 characters.
  public String auditName() {
    String name = keyId == null ? "token:" + subject : "key:" + keyId;
    return name.substring(0, Math.min(name.length(), 200)).replaceAll("\\p{Cntrl}", "?");
  }

  public boolean has(String scope) {
    return scopes.contains(scope);
  }

  /// Whether the viewer may see calls of this tenant.
  public boolean sees(String callTenant) {
    return tenant == null ? has(OPS) : tenant.equals(callTenant);
  }
}
