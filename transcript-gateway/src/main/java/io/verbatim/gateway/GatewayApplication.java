package io.verbatim.gateway;

import io.verbatim.service.Service;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the gateway, as its own process or embedded in a process with other services.
public final class GatewayApplication {
  /// The gateway's configuration for the start.
  public static final Service SERVICE =
      new Service("transcript-gateway", GatewayConfiguration.class, GatewayProperties.class);

  private GatewayApplication() {}

  public static void main(String[] arguments) {
    SERVICE.run(arguments);
  }

  /// Starts the gateway embedded, see [Service#start]. Closing the context ends its streams.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    return SERVICE.start(settings, initializers);
  }
}
