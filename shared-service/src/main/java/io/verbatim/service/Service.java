package io.verbatim.service;

import io.verbatim.pubsub.Bus;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Starts a service: alone, or in a process that runs several.
///
/// @param name the folder on the class path that contains its `application.yml`
/// @param configuration the Spring configuration class
/// @param properties the record of the operator's settings, under `verbatim`
public record Service(String name, Class<?> configuration, Class<?> properties) {

  private static final Logger logger = LoggerFactory.getLogger(Service.class);
  static final String LOG_FORMAT = "verbatim.log-format";
  private static final String PRINT_CONFIG = "--print-config";

  /// Runs the only service of the process, with settings from the environment. If the start fails,
  /// prints one sentence and exits with status 1.
  ///
  /// @param arguments none; or `--print-config` to print the settings instead of starting
  public void run(String... arguments) {
    try {
      if (arguments.length == 0) {
        start(Map.of(), context -> logStart(context.getEnvironment()));
      } else if (List.of(arguments).equals(List.of(PRINT_CONFIG))) {
        printSettings(System.out);
      } else {
        throw new StartFailure(
            "Argument \"%s\" is unknown: use %s, or no argument and environment variables"
                .formatted(arguments[0], PRINT_CONFIG));
      }
    } catch (RuntimeException failure) {
      print(failure);
      System.exit(1);
    }
  }

  private void print(RuntimeException failure) {
    if (logsJson()) {
      StartFailure.printJson(name, failure, System.err);
    } else {
      StartFailure.print(failure, System.err);
    }
  }

  private boolean logsJson() {
    try {
      return isJson(environment());
    } catch (RuntimeException unreadable) {
      return false;
    }
  }

  static boolean isJson(Environment environment) {
    return "json".equalsIgnoreCase(environment.getProperty(LOG_FORMAT));
  }

  /// The sources of settings of a service that runs alone.
  private ConfigurableEnvironment environment() {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addLast(new MapPropertySource("location", location()));
    SettingsListener.prepare(environment, Map.of());
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    ConfigurationPropertySources.attach(environment);
    return environment;
  }

  /// Prints the build and every setting, then checks the settings.
  private void printSettings(PrintStream out) {
    ConfigurableEnvironment environment = environment();
    out.println(name + " " + Build.current() + ", Java " + Runtime.version());
    EffectiveSettings.of(environment, name, properties).print(out);
    check(environment);
  }

  private Map<String, Object> location() {
    return Map.of("spring.config.location", "classpath:/" + name + "/");
  }

  /// Starts a service. Its settings come from the map, by the names of environment variables
  /// (`PORT`, `REDIS_URL`), then from the environment, then from `application.yml`.
  ///
  /// If an initializer registers a bus as a bean, the service uses that bus and its event loop and
  /// does not close it. The caller closes the context.
  public ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    SpringApplication application =
        new SpringApplicationBuilder(configuration)
            .web(WebApplicationType.REACTIVE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .properties(location())
            .listeners(new SettingsListener(new HashMap<>(settings)), new CheckListener(this))
            .build();
    application.addInitializers(context -> Certificate.serveIn(context.getEnvironment()));
    application.addInitializers(initializers);
    application.addInitializers(Service::useLoopOfGivenBus);
    return application.run();
  }

  private void logStart(ConfigurableEnvironment environment) {
    Build build = Build.current();
    logger.info(
        "service.starting service={} version={} commit={} java={}",
        name,
        build.version(),
        build.commit(),
        Runtime.version());
    EffectiveSettings.of(environment, name, properties).log(logger);
  }

  /// Uses the event loop of a given bus: the service's state belongs to the loop on which the bus
  /// completes its requests.
  private static void useLoopOfGivenBus(ConfigurableApplicationContext context) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    String[] given = beans.getBeanNamesForType(Bus.class, true, false);
    if (given.length == 1) {
      Bus bus = beans.getBean(given[0], Bus.class);
      beans.registerSingleton("eventLoop", EventLoop.of(bus.loop()));
    }
  }

  /// Checks all settings.
  ///
  /// @throws StartFailure if a setting is invalid
  public void check(ConfigurableEnvironment environment) {
    StartFailure.check(environment, properties);
  }
}
