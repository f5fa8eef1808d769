package io.verbatim.service;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Prepares the sources of settings before any is read. Given settings take precedence. An empty
/// environment variable counts as unset, because deploy forms leave empty variables.
final class SettingsListener
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private final Map<String, Object> settings;

  SettingsListener(Map<String, Object> settings) {
    this.settings = settings;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    stopReportsOfSpring();
    prepare(event.getEnvironment(), settings);
  }

  /// Keeps Spring from logging a failure before the levels in `application.yml` apply: the service
  /// prints it itself.
  private static void stopReportsOfSpring() {
    LoggingSystem logging = LoggingSystem.get(SettingsListener.class.getClassLoader());
    logging.setLogLevel("org.springframework.boot.SpringApplication", LogLevel.OFF);
    logging.setLogLevel("org.springframework.boot.diagnostics", LogLevel.OFF);
  }

  static void prepare(ConfigurableEnvironment prepared, Map<String, Object> settings) {
    MutablePropertySources sources = prepared.getPropertySources();
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    PropertySource<?> environment = sources.get(name);
    if (environment != null && environment.getSource() instanceof Map<?, ?> variables) {
      sources.replace(name, new SystemEnvironmentPropertySource(name, withoutEmpty(variables)));
    }
    sources.addFirst(new MapPropertySource("given settings", settings));
  }

  private static Map<String, Object> withoutEmpty(Map<?, ?> variables) {
    Map<String, Object> set = new HashMap<>();
    variables.forEach((name, value) -> {
      if (!value.toString().isBlank()) {
        set.put(name.toString(), value);
      }
    });
    return set;
  }
}
