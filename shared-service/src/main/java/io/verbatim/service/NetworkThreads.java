package io.verbatim.service;

import java.time.Duration;
import org.springframework.http.client.ReactorResourceFactory;

/// The threads a service's sockets are served on.
public final class NetworkThreads {
  private NetworkThreads() {}

  /// The service's event loop, for its HTTP server.
  public static ReactorResourceFactory on(EventLoop loop) {
    ReactorResourceFactory threads = new ReactorResourceFactory();
    threads.setUseGlobalResources(false);
    threads.setLoopResources(loop.resources());
    return threads;
  }

  /// Of one service's own: the shared ones end for everybody in the JVM with the first that closes.
  public static ReactorResourceFactory ofOneService() {
    ReactorResourceFactory threads = new ReactorResourceFactory();
    threads.setUseGlobalResources(false);
    threads.setShutdownQuietPeriod(Duration.ZERO);
    threads.setShutdownTimeout(Duration.ofSeconds(2));
    return threads;
  }
}
