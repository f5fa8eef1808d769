package io.verbatim.ingest;

import io.verbatim.service.Service;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the service: as a process of its own, or embedded in a process with other services.
public final class IngestApplication {
  /// The service's name, configuration and properties.
  public static final Service SERVICE =
      new Service("ingest-service", IngestConfiguration.class, IngestProperties.class);

  private IngestApplication() {}

  public static void main(String[] arguments) {
    SERVICE.run(arguments);
  }

  /// Starts the service embedded, as [Service#start] describes. Closing the context lets live calls
  /// continue for `DRAIN_TIMEOUT` and then ends them.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    return SERVICE.start(settings, initializers);
  }
}
