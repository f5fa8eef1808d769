package io.verbatim.pubsub.redis;

/// The version of what is written to Redis. The package's documentation says what may change
/// without a new one.
final class Format {
  static final int VERSION = 1;

  private Format() {}
}
