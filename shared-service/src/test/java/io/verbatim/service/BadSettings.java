package io.verbatim.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/// A service's table of invalid settings, `bad-settings.txt`. A row is `NAME=value -> sentence`; a
/// row about more than one setting begins with the setting that it is about, and separates them by
/// a semicolon.
public final class BadSettings {
  private static final Pattern SETTING = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");

  /// One row.
  ///
  /// @param name the setting that it is about
  /// @param settings all settings of the row
  /// @param sentence the whole refusal
  public record Row(String name, Map<String, String> settings, String sentence) {
    static Row parse(String line) {
      String[] halves = line.split(" -> ", 2);
      Map<String, String> settings = new HashMap<>();
      String[] pairs = halves[0].split("; ", -1);
      for (String pair : pairs) {
        settings.put(
            pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1).strip());
      }
      return new Row(pairs[0].substring(0, pairs[0].indexOf('=')), settings, halves[1]);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private BadSettings() {}

  /// The rows of the service's table, which is beside its test.
  public static Stream<Row> rows(Class<?> test) {
    return text(new ClassPathResource("bad-settings.txt", test))
        .lines()
        .filter(line -> !line.isBlank())
        .map(Row::parse);
  }

  /// The names of all settings of the service.
  public static Set<String> names(Service service) {
    Set<String> names = new TreeSet<>();
    SETTING
        .matcher(text(new ClassPathResource(service.name() + "/application.yml")))
        .results()
        .forEach(setting -> names.add(setting.group(1)));
    return names;
  }

  /// The sentence with which the service refuses the settings; empty if it accepts them.
  public static String refusal(
      Service service, Map<String, String> valid, Map<String, String> bad) {
    Map<String, Object> settings = new HashMap<>(valid);
    settings.putAll(bad);
    settings.values().removeIf(value -> value.toString().isEmpty());
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(source -> environment.getPropertySources().remove(source.getName()));
    environment.getPropertySources().addFirst(new MapPropertySource("given", settings));
    try {
      new YamlPropertySourceLoader()
          .load("application", new ClassPathResource(service.name() + "/application.yml"))
          .forEach(environment.getPropertySources()::addLast);
      service.check(environment);
      return "";
    } catch (StartFailure refused) {
      return String.valueOf(refused.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(ClassPathResource resource) {
    try {
      return resource.getContentAsString(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
