package io.verbatim.asr.session;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.service.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;

/// Limits how many recogniser sessions are open or being opened at once; requests wait in order of
/// arrival, and for the circuit breaker. Confined to the event loop.
///
/// A request waits for as long as its call needs a session; each leaves by [Permit#close].
public final class SessionLimiter {
  private final EventLoop loop;
  private final CircuitBreaker breaker;
  private final AsrMetrics metrics;
  private final int maxStreams;
  private final Deque<Permit> waiting = new ArrayDeque<>();
  private int used;

  public SessionLimiter(
      EventLoop loop, CircuitBreaker breaker, AsrMetrics metrics, int maxStreams) {
    this.loop = loop;
    this.breaker = breaker;
    this.metrics = metrics;
    this.maxStreams = maxStreams;
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
    while (!waiting.isEmpty() && used < maxStreams && breaker.allowsSession()) {
      waiting.remove().admit();
    }
  }

  /// One session's place.
  final class Permit {
    private final Runnable admitted;
    private boolean held;
    private boolean isProbe;

    private Permit(Runnable admitted) {
      this.admitted = admitted;
    }

    private void admit() {
      held = true;
      isProbe = breaker.enter();
      used++;
      metrics.sessionAdmitted();
      loop.execute(admitted);
    }

    /// The session opened.
    void opened() {
      isProbe = false;
      breaker.recordAccepted();
    }

    /// The recogniser refused the process.
    void denied(String reason) {
      breaker.recordDenied(reason, isProbe);
      isProbe = false;
    }

    /// The session is over, or no longer needed. Once.
    void close() {
      if (held) {
        used--;
        metrics.sessionOver();
        if (isProbe) {
          breaker.probeAbandoned();
        }
      } else {
        waiting.remove(this);
      }
      admitWaiting();
    }
  }
}
