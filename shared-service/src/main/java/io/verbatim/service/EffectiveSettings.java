package io.verbatim.service;

import java.io.PrintStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/// All settings of a service as they are in effect: value, source and default of each.
///
/// The settings are the placeholders in the service's `application.yml`. A value of type [Secret]
/// is masked, a URL shows neither credentials nor parameters, and a key shows a digest.
final class EffectiveSettings {
  private static final Pattern SETTING =
      Pattern.compile("\\$\\{(?<name>[A-Z][A-Z0-9_]*):(?<default>.*)}", Pattern.DOTALL);
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://).*@", Pattern.DOTALL);

  /// Parameters of a URL may contain a password, such as those of a database.
  private static final Pattern PARAMETERS = Pattern.compile("[?;].*", Pattern.DOTALL);

  private final List<EffectiveSetting> settings = new ArrayList<>();
  private final ConfigurableEnvironment environment;
  private final PropertySource<?> declarations;
  private final Set<String> secrets;

  private EffectiveSettings(
      ConfigurableEnvironment environment, PropertySource<?> declarations, Set<String> secrets) {
    this.environment = environment;
    this.declarations = declarations;
    this.secrets = secrets;
  }

  /// Reads the settings of a prepared environment.
  ///
  /// @param service the service's name, the folder of its `application.yml`
  /// @param properties the record of its settings
  static EffectiveSettings of(
      ConfigurableEnvironment environment, String service, Class<?> properties) {
    String resource = "[" + service + "/application.yml]";
    EnumerablePropertySource<?> declarations =
        environment.getPropertySources().stream()
            .filter(source -> source.getName().contains(resource))
            .filter(EnumerablePropertySource.class::isInstance)
            .<EnumerablePropertySource<?>>map(EnumerablePropertySource.class::cast)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no " + resource));
    EffectiveSettings effective =
        new EffectiveSettings(environment, declarations, secrets("verbatim", properties));
    for (String property : declarations.getPropertyNames()) {
      effective.add(property, String.valueOf(declarations.getProperty(property)));
    }
    effective.settings.sort(Comparator.comparing(EffectiveSetting::name));
    return effective;
  }

  /// The names of the properties of type [Secret].
  private static Set<String> secrets(String prefix, Class<?> properties) {
    Set<String> names = new HashSet<>();
    for (RecordComponent component : properties.getRecordComponents()) {
      String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
      if (component.getType() == Secret.class) {
        names.add(name);
      } else if (component.getType().isRecord()) {
        names.addAll(secrets(name, component.getType()));
      }
    }
    return names;
  }

  private void add(String property, String declaration) {
    Matcher setting = SETTING.matcher(declaration);
    if (setting.matches()) {
      String name = setting.group("name");
      String value = environment.getProperty(property, "");
      String defaultValue = environment.resolvePlaceholders(setting.group("default"));
      settings.add(
          new EffectiveSetting(
              name, shown(property, name, value), source(property, name), defaultValue));
    }
  }

  private String shown(String property, String name, String value) {
    if (name.endsWith("_URL")) {
      return PARAMETERS
          .matcher(CREDENTIALS.matcher(value).replaceFirst("***@"))
          .replaceFirst("?***");
    }
    if (value.contains("-----BEGIN")) {
      return "sha256:" + new Secret(value).fingerprint();
    }
    return secrets.contains(property) ? new Secret(value).toString() : value;
  }

  private String source(String property, String name) {
    ConfigurationPropertyName asProperty = ConfigurationPropertyName.of(property);
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      ConfigurationProperty found = source.getConfigurationProperty(asProperty);
      if (found != null) {
        return declarations.equals(source.getUnderlyingSource())
            ? sourceOfVariable(name)
            : described((PropertySource<?>) source.getUnderlyingSource(), found.getOrigin());
      }
    }
    return EffectiveSetting.DEFAULT;
  }

  private String sourceOfVariable(String name) {
    return environment.getPropertySources().stream()
        .filter(
            source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
        .filter(source -> source.containsProperty(name))
        .findFirst()
        .map(source -> described(source, OriginLookup.getOrigin(source, name)))
        .orElse(EffectiveSetting.DEFAULT);
  }

  private static String described(@Nullable PropertySource<?> source, @Nullable Origin origin) {
    if (origin instanceof TextResourceOrigin text
        && text.getResource() != null
        && text.getLocation() != null) {
      return text.getResource().getDescription() + ":" + (text.getLocation().getLine() + 1);
    }
    String name = source == null ? "" : source.getName();
    return switch (name) {
      case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME -> "environment variable";
      case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> "system property";
      default -> name;
    };
  }

  /// The settings by name.
  List<EffectiveSetting> all() {
    return List.copyOf(settings);
  }

  /// Logs one line for each setting. A setting that differs from its default has the default too.
  void log(Logger logger) {
    for (EffectiveSetting setting : settings) {
      String value = setting.value().replace('"', '\'');
      if (setting.isChanged()) {
        logger.info(
            "setting.effective name={} value=\"{}\" source=\"{}\" default=\"{}\"",
            setting.name(),
            value,
            setting.source(),
            setting.defaultValue());
      } else {
        logger.info(
            "setting.effective name={} value=\"{}\" source=\"{}\"",
            setting.name(),
            value,
            setting.source());
      }
    }
  }

  /// Prints the settings as a table. A star marks those that differ from their default.
  void print(PrintStream out) {
    int name = width("SETTING", EffectiveSetting::name);
    int value = width("VALUE", EffectiveSetting::value);
    int source = width("SOURCE", EffectiveSetting::source);
    String row = "%s %-" + name + "s  %-" + value + "s  %-" + source + "s  %s";
    out.println(row.formatted(" ", "SETTING", "VALUE", "SOURCE", "DEFAULT"));
    for (EffectiveSetting setting : settings) {
      boolean isChanged = setting.isChanged();
      out.println(
          row.formatted(
                  isChanged ? "*" : " ",
                  setting.name(),
                  setting.value(),
                  setting.source(),
                  isChanged ? setting.defaultValue() : "")
              .stripTrailing());
    }
  }

  private int width(String head, Function<EffectiveSetting, String> column) {
    return Stream.concat(Stream.of(head), settings.stream().map(column))
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }
}
