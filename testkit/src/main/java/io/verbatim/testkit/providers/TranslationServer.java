package io.verbatim.testkit.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// A provider of translations. Unless it is given other words, it translates `hello` into Spanish
/// as `[es] hello`.
public abstract class TranslationServer extends ProviderServer {

  /// A text that was translated.
  public record Translated(String text, String target) {}

  private static final CountDownLatch OPEN = new CountDownLatch(0);

  private final BiFunction<String, String, String> words;
  private final List<Translated> translated = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch gate = OPEN;

  /// @param words the translation of a text into the language with a tag
  TranslationServer(BiFunction<String, String, String> words) {
    this.words = words;
  }

  static String simple(String text, String target) {
    return "[" + target + "] " + text;
  }

  /// The texts that were translated so far, in the order of the requests.
  public List<Translated> translated() {
    return List.copyOf(translated);
  }

  /// Answers no translation until [#release].
  public void hold() {
    gate = new CountDownLatch(1);
  }

  /// Answers all requests that wait.
  public void release() {
    gate.countDown();
  }

  /// The translation of a text, which is counted.
  String translate(String text, String target) {
    translated.add(new Translated(text, target));
    try {
      gate.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return words.apply(text, target);
  }

  /// The body as JSON; missing if it is none.
  static JsonNode json(HttpExchange exchange) throws IOException {
    try {
      return JsonMapper.shared()
          .readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    } catch (JacksonException malformed) {
      return MissingNode.getInstance();
    }
  }

  @Override
  public void close() {
    release();
    super.close();
  }
}
