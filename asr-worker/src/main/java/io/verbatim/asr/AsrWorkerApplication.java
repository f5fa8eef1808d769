package io.verbatim.asr;

import io.verbatim.service.Service;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the worker: on its own, or embedded in a process that runs more than one service.
public final class AsrWorkerApplication {
  /// How it is started.
  public static final Service SERVICE =
      new Service("asr-worker", AsrWorkerConfiguration.class, AsrWorkerProperties.class);

  private AsrWorkerApplication() {}

  public static void main(String[] args) {
    SERVICE.run();
  }

  /// Embedded, as [Service#start] says. Closing the context hands the worker's calls over.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    return SERVICE.start(settings, initializers);
  }
}
