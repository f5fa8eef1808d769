package io.verbatim.service;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Prepares where settings come from, before anything is read: given settings win, and an empty
/// environment variable is an unset one, as deploy forms leave them behind.
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
    MutablePropertySources sources = event.getEnvironment().getPropertySources();
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
