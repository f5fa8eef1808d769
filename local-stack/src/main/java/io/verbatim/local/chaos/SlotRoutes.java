package io.verbatim.local.chaos;

import io.verbatim.pubsub.testkit.TcpRoute;

/// The routes by which the processes of one slot reach what they depend on. Its owner closes it.
///
/// @param recognizer carries connections of a worker only
record SlotRoutes(TcpRoute redis, TcpRoute recognizer) implements AutoCloseable {
  static SlotRoutes to(String redisUrl, String recognizerUrl) {
    return new SlotRoutes(TcpRoute.to(redisUrl), TcpRoute.to(recognizerUrl));
  }

  /// The recogniser's URL, as a worker is given it.
  String recognizerUrl() {
    return "ws://127.0.0.1:" + recognizer.port();
  }

  @Override
  public void close() {
    redis.close();
    recognizer.close();
  }
}
