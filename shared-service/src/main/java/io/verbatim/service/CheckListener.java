package io.verbatim.service;

import io.verbatim.service.log.JsonLogFormatter;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/// Checks all settings once: after their sources are read and before anything uses them, the
/// logging system included. Then selects the form of log lines.
final class CheckListener
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private final Service service;

  CheckListener(Service service) {
    this.service = service;
  }

  @Override
  public int getOrder() {
    return EnvironmentPostProcessorApplicationListener.DEFAULT_ORDER + 1;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ConfigurableEnvironment environment = event.getEnvironment();
    service.check(environment);
    if (Service.isJson(environment)) {
      Map<String, Object> format =
          Map.of("logging.structured.format.console", JsonLogFormatter.class.getName());
      environment.getPropertySources().addLast(new MapPropertySource("log format", format));
    }
  }
}
