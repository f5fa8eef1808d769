package io.verbatim.gateway.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that the test advances. Thread-safe.
final class ManualClock implements InstantSource {

  private volatile Instant now = Instant.parse("2026-01-01T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  synchronized void advance(Duration step) {
    now = now.plus(step);
  }
}
