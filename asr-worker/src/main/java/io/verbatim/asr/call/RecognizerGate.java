package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets sessions through to the recogniser: at most so many at once, counted, first come first
/// served; and while the recogniser refuses this process, one at a time and seldom, as a probe.
///
/// Calls wait here as long as they live; each leaves by its [Admission#close].
public final class RecognizerGate {
  private static final Logger log = LoggerFactory.getLogger(RecognizerGate.class);

  private final CallLoop loop;
  private final AsrMetrics metrics;
  private final int maxStreams;
  private final Duration probeEvery;
  private final Deque<Admission> waiting = new ArrayDeque<>();
  private int used;
  private boolean probeDue;
  private volatile Optional<String> denied = Optional.empty();

  public RecognizerGate(CallLoop loop, AsrMetrics metrics, int maxStreams, Duration probeEvery) {
    this.loop = loop;
    this.metrics = metrics;
    this.maxStreams = maxStreams;
    this.probeEvery = probeEvery;
  }

  /// Why the recogniser refuses this process, while it does. From any thread.
  public Optional<String> denied() {
    return denied;
  }

  /// Asks for one session; `admitted` is called when it may be opened.
  Admission request(Runnable admitted) {
    Admission admission = new Admission(admitted);
    waiting.add(admission);
    serve();
    return admission;
  }

  private void serve() {
    while (!waiting.isEmpty() && used < maxStreams && (denied.isEmpty() || probeDue)) {
      probeDue = false;
      waiting.remove().admit();
    }
  }

  private void deny(String reason) {
    if (denied.isEmpty()) {
      log.error("recognizer.denied reason=\"{}\" nextProbe={}s", reason, probeEvery.toSeconds());
      metrics.breaker(true);
    }
    denied = Optional.of(reason);
    probeLater();
  }

  private void probeLater() {
    loop.after(
        probeEvery,
        () -> {
          probeDue = true;
          serve();
        });
  }

  /// One session's place.
  final class Admission {
    private final Runnable admitted;
    private boolean isIn;
    private boolean isProbe;

    private Admission(Runnable admitted) {
      this.admitted = admitted;
    }

    private void admit() {
      isIn = true;
      isProbe = denied.isPresent();
      used++;
      metrics.sessionAdmitted();
      loop.execute(admitted);
    }

    /// The recogniser took the session: so it takes this process.
    void opened() {
      isProbe = false;
      if (denied.isPresent()) {
        log.info("recognizer.accepted");
        denied = Optional.empty();
        metrics.breaker(false);
        serve();
      }
    }

    /// The recogniser refused not the session but the process.
    void denied(String reason) {
      if (isProbe || denied.isEmpty()) {
        isProbe = false;
        deny(reason);
      }
    }

    /// The session is over, or no longer wanted. Once.
    void close() {
      if (isIn) {
        used--;
        metrics.sessionOver();
        if (isProbe) {
          probeLater();
        }
      } else {
        waiting.remove(this);
      }
      serve();
    }
  }
}
