package io.verbatim.asr;

import io.verbatim.service.Service;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the worker: on its own, or embedded in a process that runs more than one service.
public final class AsrWorkerApplication {
  /// The service's name, configuration and settings.
  public static final Service SERVICE =
      new Service("asr-worker", AsrWorkerConfiguration.class, AsrWorkerProperties.class);

  private AsrWorkerApplication() {}

  public static void main(String[] arguments) {
    SERVICE.run(arguments);
  }

  /// Starts the worker in this process; see [Service#start]. Closing the context hands its calls
  /// over to other workers.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    return SERVICE.start(settings, initializers);
  }
}
