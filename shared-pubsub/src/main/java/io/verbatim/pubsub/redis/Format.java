package io.verbatim.pubsub.redis;

/// The version of the format in Redis. The package documentation says which changes need a new
/// version.
final class Format {
  static final int VERSION = 1;

  private Format() {}
}
