package io.verbatim.pubsub.redis;

import io.lettuce.core.RedisCommandExecutionException;

/// The error of Redis for a key that holds another type than the command expects. None of the
/// services writes such a key, so a retry does not help.
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
