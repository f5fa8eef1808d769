package io.verbatim.service;

import org.springframework.http.client.ReactorResourceFactory;

/// The threads that serve a service's sockets.
public final class NetworkThreads {
  private NetworkThreads() {}

  /// The service's event loop, for its HTTP server.
  public static ReactorResourceFactory on(EventLoop loop) {
    ReactorResourceFactory threads = new ReactorResourceFactory();
    threads.setUseGlobalResources(false);
    threads.setLoopResources(loop.resources());
    return threads;
  }
}
