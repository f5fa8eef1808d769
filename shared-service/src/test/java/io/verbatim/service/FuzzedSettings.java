package io.verbatim.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.testkit.fuzz.Assertion;
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

/// Checks a service's settings, one `NAME=value` a line: they are accepted, or refused with one
/// sentence that contains no secret.
public final class FuzzedSettings {
  private static final int MAX_LINES = 32;
  private static final String MARKER = "a-word-4f1d9c";
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

  public FuzzedSettings(Service service) {
    this.service = service;
    try {
      defaults =
          new YamlPropertySourceLoader()
              .load("application", new ClassPathResource(service.name() + "/application.yml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns whether the settings are accepted. If they include a secret, they are read once more
  /// with a marker in it, and the refusal must not contain the marker. Inputs that contain the
  /// marker themselves are not checked.
  public boolean accepts(byte[] input) {
    Map<String, String> settings = of(input);
    boolean isMarked = settings.toString().contains(MARKER);
    for (String secret : SECRETS) {
      if (settings.containsKey(secret) && !isMarked) {
        Map<String, String> marked = new HashMap<>(settings);
        marked.merge(secret, MARKER, String::concat);
        Assertion.check(!refusal(marked).contains(MARKER), "a refusal that contains " + secret);
      }
    }
    return refusal(settings).isEmpty();
  }

  /// The sentence of the refusal; empty if the settings are accepted.
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
    for (String line : new String(input, UTF_8).split("\n", MAX_LINES)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return settings;
  }
}
