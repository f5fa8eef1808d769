package io.verbatim.gateway;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/// Starts the gateway: on its own, or embedded in a process that runs more than one service.
public final class GatewayApplication {

  private GatewayApplication() {}

  public static void main(String[] args) {
    try {
      start(Map.of());
    } catch (RuntimeException failure) {
      StartFailure.print(failure, System.err);
      System.exit(1);
    }
  }

  /// Starts a gateway whose settings come first from the map, by the names of the environment
  /// (`PORT`, `REDIS_URL`), then from the environment, then from `application.yml`.
  ///
  /// A bus that an initializer registers as a bean is used and left open. The caller closes the
  /// context.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    SpringApplication application =
        new SpringApplicationBuilder(GatewayConfiguration.class)
            .web(WebApplicationType.REACTIVE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .properties(Map.of("spring.config.location", "classpath:/transcript-gateway/"))
            .listeners(new SettingsListener(new HashMap<>(settings)))
            .build();
    application.addInitializers(context -> StartFailure.check(context.getEnvironment()));
    application.addInitializers(context -> serveTls(context.getEnvironment()));
    application.addInitializers(initializers);
    return application.run();
  }

  /// Has the server read the certificate and its key, where they are set, and read them again when
  /// their files change; connections that are up go on with what they began with.
  private static void serveTls(ConfigurableEnvironment environment) {
    String certificate = environment.getProperty("verbatim.tls.cert-path", "");
    String key = environment.getProperty("verbatim.tls.key-path", "");
    if (!certificate.isBlank()) {
      Map<String, Object> bundle =
          Map.of(
              "server.ssl.bundle", "door",
              "spring.ssl.bundle.pem.door.keystore.certificate", "file:" + certificate,
              "spring.ssl.bundle.pem.door.keystore.private-key", "file:" + key,
              "spring.ssl.bundle.pem.door.keystore.verify-keys", "true",
              "spring.ssl.bundle.pem.door.reload-on-update", "true");
      environment.getPropertySources().addLast(new MapPropertySource("certificate", bundle));
    }
  }
}
