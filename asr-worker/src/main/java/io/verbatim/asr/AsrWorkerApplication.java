package io.verbatim.asr;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the worker: on its own, or embedded in a process that runs more than one service.
public final class AsrWorkerApplication {

  private AsrWorkerApplication() {}

  public static void main(String[] args) {
    try {
      start(Map.of());
    } catch (RuntimeException failure) {
      StartFailure.print(failure, System.err);
      System.exit(1);
    }
  }

  /// Starts a worker whose settings come first from the map, by the names of the environment
  /// (`PORT`, `REDIS_URL`), then from the environment, then from `application.yml`.
  ///
  /// A bus that an initializer registers as a bean is used and left open. The caller closes the
  /// context, which hands the worker's calls over.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    SpringApplication application =
        new SpringApplicationBuilder(AsrWorkerConfiguration.class)
            .web(WebApplicationType.REACTIVE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .properties(Map.of("spring.config.location", "classpath:/asr-worker/"))
            .listeners(new SettingsListener(new HashMap<>(settings)))
            .build();
    application.addInitializers(context -> StartFailure.check(context.getEnvironment()));
    application.addInitializers(initializers);
    return application.run();
  }
}
