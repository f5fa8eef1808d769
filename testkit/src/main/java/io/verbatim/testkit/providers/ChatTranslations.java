package io.verbatim.testkit.providers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's `POST /v1/chat/completions`, which DeepSeek offers too, with a model that translates.
public final class ChatTranslations extends TranslationServer {

  private static final Pattern TARGET =
      Pattern.compile("into [^()]+(?: \\([^()]+\\))? \\(([^()]+)\\)\\.");
  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final String key;
  private final int maxCharacters;

  /// @param key the only one that is accepted
  public ChatTranslations(String key) {
    this(key, UNLIMITED, TranslationServer::simple);
  }

  /// @param maxCharacters of a text whose translation is answered in full
  /// @param words the translation of a text into the language with a tag
  public ChatTranslations(String key, int maxCharacters, BiFunction<String, String, String> words) {
    super(words);
    this.key = key;
    this.maxCharacters = maxCharacters;
  }

  @Override
  Answer answer(HttpExchange exchange) throws IOException {
    JsonNode request = json(exchange);
    if (!header(exchange, "Authorization").equals("Bearer " + key)) {
      return refusal(401, "invalid_api_key", "Incorrect API key provided.");
    }
    if (!exchange.getRequestURI().getPath().equals("/v1/chat/completions")) {
      return refusal(404, "unknown_url", "Unknown request URL.");
    }
    String model = request.path("model").asString("");
    if (!model.matches("(gpt|deepseek)-.*")) {
      return refusal(404, "model_not_found", "The model `" + model + "` does not exist.");
    }
    JsonNode system = request.path("messages").path(0);
    JsonNode user = request.path("messages").path(1);
    String instruction = system.path("content").asString("");
    boolean asksForJson =
        request.path("response_format").path("type").asString("").equals("json_object")
            && instruction.contains("JSON");
    Matcher target = TARGET.matcher(instruction);
    if (!asksForJson
        || !system.path("role").asString("").equals("system")
        || !user.path("role").asString("").equals("user")
        || !target.find()) {
      return refusal(400, "", "'messages' must contain the word 'json' in some form.");
    }
    String text = user.path("content").asString("");
    return text.length() > maxCharacters
        ? completion("{\"translation\": \"cut", "length")
        : completion(translation(text, target.group(1)), "stop");
  }

  private String translation(String text, String target) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("translation", translate(text, target)).put("source_language", "en");
    return json.toString();
  }

  private static Answer completion(String content, String finishReason) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("object", "chat.completion");
    ObjectNode choice = json.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", finishReason);
    choice.putObject("message").put("role", "assistant").put("content", content);
    return new Answer(200, json.toString());
  }

  private static Answer refusal(int status, String code, String message) {
    return new Answer(
        status,
        "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"code\":\"%s\"}}"
            .formatted(message, code));
  }
}
