package io.verbatim.gateway;

import io.verbatim.service.Service;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the gateway: on its own, or embedded in a process that runs more than one service.
public final class GatewayApplication {
  /// How it is started.
  public static final Service SERVICE =
      new Service("transcript-gateway", GatewayConfiguration.class, GatewayProperties.class);

  private GatewayApplication() {}

  public static void main(String[] args) {
    SERVICE.run();
  }

  /// Embedded, as [Service#start] says. Closing the context ends its streams.
  public static ConfigurableApplicationContext start(
      Map<String, Object> settings, ApplicationContextInitializer<?>... initializers) {
    return SERVICE.start(settings, initializers);
  }
}
