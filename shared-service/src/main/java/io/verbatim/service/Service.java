package io.verbatim.service;

import io.verbatim.pubsub.Bus;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/// What is needed to start a service: on its own, or embedded in a process that runs more than one.
///
/// @param name of the folder on the class path where its `application.yml` stands
/// @param configuration puts its parts together
/// @param properties what an operator can set, as a record under `verbatim`
public record Service(String name, Class<?> configuration, Class<?> properties) {

  /// Starts the process's only service, with the environment's settings. Where it cannot start, the
  /// process ends with status 1 and one sentence.
  public void run() {
    try {
      start(Map.of());
    } catch (RuntimeException failure) {
      StartFailure.print(failure, System.err);
      System.exit(1);
    }
  }

  /// Starts a service whose settings come first from the map, by the names of the environment
  /// (`PORT`, `REDIS_URL`), then from the environment, then from `application.yml`.
  ///
  /// A bus that an initializer registers as a bean is used and left open, and its event loop is the
  /// service's. The caller closes the context.
  public ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    SpringApplication application =
        new SpringApplicationBuilder(configuration)
            .web(WebApplicationType.REACTIVE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .properties(Map.of("spring.config.location", "classpath:/" + name + "/"))
            .listeners(new SettingsListener(new HashMap<>(settings)))
            .build();
    application.addInitializers(context -> check(context.getEnvironment()));
    application.addInitializers(context -> Certificate.serveIn(context.getEnvironment()));
    application.addInitializers(initializers);
    application.addInitializers(Service::useLoopOfGivenBus);
    return application.run();
  }

  /// A bus that was given brings its event loop along: the service's state belongs to the loop on
  /// which the bus completes its requests.
  private static void useLoopOfGivenBus(ConfigurableApplicationContext context) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    String[] given = beans.getBeanNamesForType(Bus.class, true, false);
    if (given.length == 1) {
      Bus bus = beans.getBean(given[0], Bus.class);
      beans.registerSingleton("eventLoop", EventLoop.of(bus.loop()));
    }
  }

  /// Reads all settings once, before anything is built on them.
  ///
  /// @throws StartFailure where they cannot be used
  public void check(ConfigurableEnvironment environment) {
    StartFailure.check(environment, properties);
  }
}
