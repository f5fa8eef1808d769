package io.verbatim.chaos;

import io.verbatim.testkit.network.TcpRoute;

/// The routes from the processes of one slot to Redis and the recogniser. Its owner closes it.
///
/// @param recognizer used by workers only
record SlotRoutes(TcpRoute redis, TcpRoute recognizer) implements AutoCloseable {
  static SlotRoutes to(String redisUrl, String recognizerUrl) {
    return new SlotRoutes(TcpRoute.to(redisUrl), TcpRoute.to(recognizerUrl));
  }

  /// The recogniser's URL for a worker, by the route.
  String recognizerUrl() {
    return "ws://127.0.0.1:" + recognizer.port();
  }

  @Override
  public void close() {
    redis.close();
    recognizer.close();
  }
}
