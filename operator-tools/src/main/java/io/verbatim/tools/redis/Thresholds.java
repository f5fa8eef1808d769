package io.verbatim.tools.redis;

import picocli.CommandLine.TypeConversionException;

/// The numbers of connections from which the level is raised.
///
/// @param warning a number, or a share of the server's limit
/// @param critical a number, or a share of the server's limit
record Thresholds(Threshold warning, Threshold critical) {

  /// Both, with a limit as shares: a small plan is full before it has 20 connections.
  ///
  /// @param count the number of connections
  /// @param percent the share of `maxclients`; the lower of both applies
  record Threshold(int count, int percent) {

    /// Reads `20` or `60%`.
    static Threshold parse(String text) {
      if (text.matches("[1-9]\\d{0,6}")) {
        return new Threshold(Integer.parseInt(text), 100);
      }
      if (text.matches("[1-9]\\d?%|100%")) {
        return new Threshold(
            Integer.MAX_VALUE, Integer.parseInt(text.substring(0, text.length() - 1)));
      }
      throw new TypeConversionException(
          "\"%s\" is neither a number of connections nor a share of maxclients such as 60%%"
              .formatted(text));
    }

    int of(int maxClients) {
      return Math.max(1, Math.min(count, (int) (maxClients * (long) percent / 100)));
    }
  }

  Level level(Sample sample) {
    if (sample.connected() >= critical.of(sample.maxClients())) {
      return Level.CRITICAL;
    }
    return sample.connected() >= warning.of(sample.maxClients()) ? Level.WARNING : Level.NORMAL;
  }
}
