package io.verbatim.batch.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A Google service account.
///
/// @param email its name
/// @param keyId the id of its key, which Google knows
/// @param tokenUri issues access tokens
public record ServiceAccount(String email, String keyId, PrivateKey key, URI tokenUri) {

  private static final String SETTING = "GOOGLE_APPLICATION_CREDENTIALS";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-translation";
  private static final long MAX_FILE_BYTES = 64 * 1024;
  private static final long LIFETIME_SECONDS = 3600;

  /// A token must not be sent over a network unencrypted.
  private static final Pattern TOKEN_URI =
      Pattern.compile(
          "https://[A-Za-z0-9.-]+(:\\d{1,5})?/[!-~]*"
              + "|http://(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d{1,5})?/[!-~]*");

  /// Reads a key file. Blocks.
  ///
  /// @throws IllegalArgumentException that names the setting
  public static ServiceAccount read(Path file) {
    JsonNode json = json(file);
    String tokenUri = json.path("token_uri").asString("");
    if (!json.path("type").asString("").equals("service_account")
        || json.path("client_email").asString("").isEmpty()
        || !TOKEN_URI.matcher(tokenUri).matches()) {
      throw new IllegalArgumentException(
          SETTING
              + " must name the key file of a service account, with client_email, private_key and"
              + " an https:// token_uri");
    }
    return new ServiceAccount(
        json.path("client_email").asString(""),
        json.path("private_key_id").asString(""),
        privateKey(json.path("private_key").asString("")),
        URI.create(tokenUri));
  }

  private static JsonNode json(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MAX_FILE_BYTES) {
        return JsonMapper.shared().readTree(Files.readString(file));
      }
    } catch (IOException | JacksonException _) {
      // Reported below, without the content.
    }
    throw new IllegalArgumentException(SETTING + " must name a readable JSON file");
  }

  private static PrivateKey privateKey(String pem) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException invalid) {
      throw new IllegalArgumentException(
          SETTING + " must have an RSA key in PEM form as private_key", invalid);
    }
  }

  /// A signed token (RS256) that is valid for an hour and requests access to translations.
  String assertion(Instant now) {
    ObjectNode header = JsonMapper.shared().createObjectNode();
    header.put("alg", "RS256").put("typ", "JWT").put("kid", keyId);
    ObjectNode claims = JsonMapper.shared().createObjectNode();
    claims.put("iss", email).put("scope", SCOPE).put("aud", tokenUri.toString());
    claims.put("iat", now.getEpochSecond()).put("exp", now.getEpochSecond() + LIFETIME_SECONDS);
    String content = encoded(header) + "." + encoded(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content.getBytes(UTF_8));
      return content + "." + base64(signature.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK signs with RSA", impossible);
    }
  }

  private static String encoded(ObjectNode json) {
    return base64(json.toString().getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Contains no key.
  @Override
  public String toString() {
    return "ServiceAccount[" + email + "]";
  }
}
