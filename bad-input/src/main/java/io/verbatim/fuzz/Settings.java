package io.verbatim.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.service.Service;
import io.verbatim.service.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/// A service's settings as an environment may hold them, a line each: `NAME=value`. They are taken,
/// or refused with one sentence that repeats no secret.
public final class Settings {
  private static final int MOST = 32;
  private static final String MARK = "a-word-4f1d9c";
  private static final List<String> SECRETS =
      List.of(
          "EXOTEL_PASSWORD",
          "EXOTEL_PATH_TOKEN",
          "EXOTEL_START_TOKEN",
          "DEEPGRAM_API_KEY",
          "REDIS_URL",
          "JWT_PUBLIC_KEY");

  private final List<PropertySource<?>> defaults;
  private final Service service;

  public Settings(Service service) {
    this.service = service;
    try {
      defaults =
          new YamlPropertySourceLoader()
              .load("application", new ClassPathResource(service.name() + "/application.yml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Answers whether they were taken. Where a secret is among them, they are read once more with a
  /// word in it that nobody says by accident; who has learnt the word proves nothing with it.
  public boolean read(byte[] input) {
    Map<String, String> settings = of(input);
    boolean isMarked = settings.toString().contains(MARK);
    for (String secret : SECRETS) {
      if (settings.containsKey(secret) && !isMarked) {
        Map<String, String> marked = new HashMap<>(settings);
        marked.merge(secret, MARK, String::concat);
        Claim.that(!refusal(marked).contains(MARK), "a refusal that tells " + secret);
      }
    }
    return refusal(settings).isEmpty();
  }

  /// The sentence they are refused with; empty where they are taken.
  private String refusal(Map<String, String> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(source -> environment.getPropertySources().remove(source.getName()));
    environment.getPropertySources().addFirst(new MapPropertySource("given", Map.copyOf(settings)));
    defaults.forEach(environment.getPropertySources()::addLast);
    try {
      service.check(environment);
      return "";
    } catch (StartFailure refused) {
      return refused.getMessage() + ".";
    }
  }

  /// The settings in the input.
  public static Map<String, String> of(byte[] input) {
    Map<String, String> settings = new HashMap<>();
    for (String line : new String(input, UTF_8).split("\n", MOST)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return settings;
  }
}
