package io.verbatim.asr.session;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops new sessions while the recogniser refuses this process, except for one probe per interval.
/// Confined to the event loop.
public final class CircuitBreaker {
  private static final Logger logger = LoggerFactory.getLogger(CircuitBreaker.class);

  private final EventLoop loop;
  private final AsrMetrics metrics;
  private final Duration probeInterval;
  private Optional<String> denied = Optional.empty();
  private boolean probeDue;
  private Runnable onAllowed = () -> {};

  public CircuitBreaker(EventLoop loop, AsrMetrics metrics, Duration probeInterval) {
    this.loop = loop;
    this.metrics = metrics;
    this.probeInterval = probeInterval;
  }

  /// The reason of the refusal, while the recogniser refuses this process.
  public Optional<String> denied() {
    return denied;
  }

  /// @param action called each time a session may be tried again
  void onAllowed(Runnable action) {
    onAllowed = action;
  }

  boolean allowsSession() {
    return denied.isEmpty() || probeDue;
  }

  /// A session is tried. Returns whether it is the probe.
  boolean enter() {
    probeDue = false;
    return denied.isPresent();
  }

  /// A session opened: the recogniser accepts this process.
  void recordAccepted() {
    if (denied.isPresent()) {
      logger.info("recognizer.accepted");
      denied = Optional.empty();
      metrics.breaker(false);
      onAllowed.run();
    }
  }

  /// The recogniser refused the process: opens the breaker. While it is open, only the refusal of a
  /// probe changes the reason and schedules the next probe.
  void recordDenied(String reason, boolean isProbe) {
    if (denied.isEmpty()) {
      logger.error(
          "recognizer.denied reason=\"{}\" nextProbe={}s", reason, probeInterval.toSeconds());
      metrics.breaker(true);
    } else if (!isProbe) {
      return;
    }
    denied = Optional.of(reason);
    probeLater();
  }

  /// The probe ended without showing whether the process is refused.
  void probeAbandoned() {
    probeLater();
  }

  private void probeLater() {
    loop.after(
        probeInterval,
        () -> {
          probeDue = true;
          onAllowed.run();
        });
  }
}
