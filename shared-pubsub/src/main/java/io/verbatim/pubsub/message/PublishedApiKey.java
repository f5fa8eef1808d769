package io.verbatim.pubsub.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A valid API key without its secret. The whole key is `vk_<id>_<secret>`.
///
/// @param id the visible part
/// @param sha256 the hash of the whole key, in hexadecimal digits
/// @param tenant the only tenant that the key is valid for; null for all
/// @param expiresAt null for never
public record PublishedApiKey(
    String id,
    String sha256,
    @Nullable String tenant,
    Set<String> scopes,
    @Nullable Instant expiresAt) {

  private static final String PREFIX = "vk_";
  private static final int MAX_LENGTH = 200;

  public PublishedApiKey {
    scopes = Set.copyOf(scopes);
  }

  /// The id in the text of a key; empty if the text is no key.
  public static Optional<String> idOf(String text) {
    int end = text.indexOf('_', PREFIX.length());
    return text.startsWith(PREFIX) && end > 0 && text.length() <= MAX_LENGTH
        ? Optional.of(text.substring(PREFIX.length(), end))
        : Optional.empty();
  }

  /// Whether this is the whole key, compared in constant time.
  public boolean matches(String text) {
    byte[] hash = digest().digest(text.getBytes(UTF_8));
    return MessageDigest.isEqual(
        HexFormat.of().formatHex(hash).getBytes(UTF_8), sha256.getBytes(UTF_8));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
