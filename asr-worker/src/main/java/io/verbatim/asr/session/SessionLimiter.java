package io.verbatim.asr.session;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/// Limits how many recogniser sessions are open or being opened at once, and how fast they are
/// opened. Requests wait in order of arrival, and while the circuit breaker is open. Confined to
/// the event loop.
///
/// A request waits until it is admitted or closed. Every request ends with [Permit#close].
public final class SessionLimiter {
  private final EventLoop loop;
  private final CircuitBreaker breaker;
  private final AsrMetrics metrics;
  private final int maxStreams;
  private final HandshakePace pace;
  private final Deque<Permit> waiting = new ArrayDeque<>();
  private EventLoop.Timer timer = () -> {};
  private int used;

  public SessionLimiter(
      EventLoop loop,
      CircuitBreaker breaker,
      AsrMetrics metrics,
      SessionTiming timing,
      RandomGenerator random,
      int maxStreams) {
    this.loop = loop;
    this.breaker = breaker;
    this.metrics = metrics;
    this.maxStreams = maxStreams;
    this.pace =
        new HandshakePace(
            timing.handshakeSpacing(),
            new Backoff(timing.reconnectMin(), timing.reconnectMax(), random),
            System.nanoTime());
    breaker.onAllowed(this::admitWaiting);
  }

  /// Requests one session.
  ///
  /// @param admitted called later, when the session may be opened
  Permit request(Runnable admitted) {
    Permit permit = new Permit(admitted);
    waiting.add(permit);
    admitWaiting();
    return permit;
  }

  private void admitWaiting() {
    timer.cancel();
    while (!waiting.isEmpty()
        && used < maxStreams
        && breaker.allowsSession()
        && pace.hasCapacity()) {
      Duration delay = pace.delay(System.nanoTime());
      if (delay.isPositive()) {
        timer = loop.after(delay, this::admitWaiting);
        return;
      }
      waiting.remove().admit();
    }
  }

  /// One session's share of the limit.
  final class Permit {
    private final Runnable admitted;
    private boolean held;
    private boolean inHandshake;
    private boolean isOpen;
    private long begunNanos;
    private boolean isProbe;

    private Permit(Runnable admitted) {
      this.admitted = admitted;
    }

    private void admit() {
      held = true;
      inHandshake = true;
      begunNanos = System.nanoTime();
      pace.begun(begunNanos);
      isProbe = breaker.enter();
      used++;
      metrics.sessionAdmitted();
      loop.execute(admitted);
    }

    /// The session opened.
    void opened() {
      isProbe = false;
      inHandshake = false;
      isOpen = true;
      pace.accepted();
      breaker.recordAccepted();
      admitWaiting();
    }

    /// The recogniser has no capacity for the session.
    void busy() {
      inHandshake = false;
      pace.refused(begunNanos, System.nanoTime());
    }

    /// The recogniser refused the process.
    void denied(String reason) {
      breaker.recordDenied(reason, isProbe);
      isProbe = false;
    }

    /// The session ended or is no longer needed. Called once.
    void close() {
      if (held) {
        used--;
        metrics.sessionReleased();
        reportEnd();
        if (isProbe) {
          breaker.probeAbandoned();
        }
      } else {
        waiting.remove(this);
      }
      admitWaiting();
    }

    private void reportEnd() {
      if (inHandshake) {
        pace.ended();
      } else if (isOpen) {
        pace.capacityFreed(System.nanoTime());
      }
    }
  }
}
