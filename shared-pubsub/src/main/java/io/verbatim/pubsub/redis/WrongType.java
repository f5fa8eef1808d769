package io.verbatim.pubsub.redis;

import io.lettuce.core.RedisCommandExecutionException;

/// Redis' word for a key that holds something else than a command is about: nobody of ours wrote
/// it, and asking again does not help.
final class WrongType {
  private WrongType() {}

  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException
          && String.valueOf(cause.getMessage()).contains("WRONGTYPE")) {
        return true;
      }
    }
    return false;
  }
}
