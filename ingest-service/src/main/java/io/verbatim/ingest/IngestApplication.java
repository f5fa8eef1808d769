package io.verbatim.ingest;

import io.verbatim.service.Service;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the service: on its own, or embedded in a process that runs more than one.
public final class IngestApplication {
  /// How it is started.
  public static final Service SERVICE =
      new Service("ingest-service", IngestConfiguration.class, IngestProperties.class);

  private IngestApplication() {}

  public static void main(String[] args) {
    SERVICE.run();
  }

  /// Embedded, as [Service#start] says. Closing the context lets live calls go on for
  /// `DRAIN_TIMEOUT` and then ends them.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    return SERVICE.start(settings, initializers);
  }
}
