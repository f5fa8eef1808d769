package io.verbatim.testkit.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Google's `POST /language/translate/v2`, for one API key and one service account, whose access
/// tokens `POST /token` issues.
public final class GoogleTranslations extends TranslationServer {

  private static final String EMAIL = "captions@project.iam.gserviceaccount.com";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-translation";
  private static final int MAX_SEGMENTS = 128;
  private static final int MAX_CODE_POINTS = 30_000;

  private final String key;
  private final KeyPair account = keyPair();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();

  /// @param key the only one that is accepted
  public GoogleTranslations(String key) {
    this(key, TranslationServer::simple);
  }

  /// @param words the translation of a text into the language with a tag
  public GoogleTranslations(String key, BiFunction<String, String, String> words) {
    super(words);
    this.key = key;
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Writes the key file of the service account.
  public Path credentials(Path file) throws IOException {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("type", "service_account").put("project_id", "project");
    json.put("private_key_id", "key-1").put("client_email", EMAIL);
    json.put(
        "private_key",
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(account.getPrivate().getEncoded())));
    json.put("token_uri", url() + "/token");
    return Files.writeString(file, json.toString());
  }

  /// The number of access tokens issued.
  public int issuedTokens() {
    return tokens.size();
  }

  @Override
  Answer answer(HttpExchange exchange) throws IOException {
    return switch (exchange.getRequestURI().getPath()) {
      case "/token" -> token(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      case "/language/translate/v2" -> translation(exchange, json(exchange));
      default -> refusal(404, "notFound", "", "Not found.");
    };
  }

  private Answer token(String form) {
    String grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    if (!form.startsWith(grant)
        || !isSigned(URLDecoder.decode(form.substring(grant.length()), UTF_8))) {
      return new Answer(
          400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
    }
    String token = "ya29.token-" + tokens.size();
    tokens.add(token);
    return new Answer(
        200,
        "{\"access_token\":\"%s\",\"expires_in\":3599,\"token_type\":\"Bearer\"}".formatted(token));
  }

  private boolean isSigned(String jwt) {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(account.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
      JsonNode header = part(parts[0]);
      JsonNode claims = part(parts[1]);
      long now = Instant.now().getEpochSecond();
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
          && header.path("alg").asString("").equals("RS256")
          && header.path("kid").asString("").equals("key-1")
          && claims.path("iss").asString("").equals(EMAIL)
          && claims.path("scope").asString("").equals(SCOPE)
          && claims.path("aud").asString("").equals(url() + "/token")
          && claims.path("iat").asLong() <= now + 60
          && claims.path("exp").asLong() > now
          && claims.path("exp").asLong() <= claims.path("iat").asLong() + 3600;
    } catch (GeneralSecurityException | IllegalArgumentException invalid) {
      return false;
    }
  }

  private static JsonNode part(String encoded) {
    return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(encoded));
  }

  private Answer translation(HttpExchange exchange, JsonNode request) {
    String token = header(exchange, "Authorization").replaceFirst("Bearer ", "");
    String given = header(exchange, "X-goog-api-key");
    if (!given.isEmpty() && !given.equals(key)) {
      return refusal(
          400, "badRequest", "API_KEY_INVALID", "API key not valid. Please pass a valid API key.");
    }
    if (given.isEmpty() && !tokens.contains(token)) {
      return refusal(401, "authError", "", "Request had invalid authentication credentials.");
    }
    JsonNode segments = request.path("q");
    String target = request.path("target").asString("");
    if (!target.matches("[a-z]{2,3}(-[A-Za-z]+)?")
        || !request.path("format").asString("").equals("text")
        || segments.isEmpty()
        || segments.size() > MAX_SEGMENTS) {
      return refusal(400, "invalid", "", "Invalid Value");
    }
    long codePoints =
        segments.valueStream().mapToLong(text -> text.asString("").codePoints().count()).sum();
    if (codePoints > MAX_CODE_POINTS) {
      return refusal(413, "uploadTooLarge", "", "Request entity too large");
    }
    ObjectNode answer = JsonMapper.shared().createObjectNode();
    ArrayNode translations = answer.putObject("data").putArray("translations");
    for (JsonNode segment : segments) {
      ObjectNode translated = translations.addObject();
      translated.put("translatedText", translate(segment.asString(""), target));
      if (request.path("source").isMissingNode()) {
        translated.put("detectedSourceLanguage", "en");
      }
    }
    return new Answer(200, answer.toString());
  }

  private static Answer refusal(int status, String reason, String detail, String message) {
    return new Answer(
        status,
        """
        {"error":{"code":%d,"message":"%s","errors":[{"message":"%s","domain":"global",\
        "reason":"%s"}],"status":"INVALID_ARGUMENT",\
        "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"%s"}]}}\
        """
            .formatted(status, message, message, reason, detail));
  }
}
