package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One call's line to the recogniser: at most one session at a time, opened when it may be, watched
/// while it is open, and told of once when it is over.
final class RecognizerLine {
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(500);

  /// What the line tells the call, on the loop.
  interface Listener {
    void opened(String requestId);

    void heard(Hypothesis hypothesis);

    /// Something else than words was said.
    void signalled(RecognizerEvent.Signal signal);

    /// The last audio handed over has left: more may be sent.
    void writable();

    /// The session is over, with this cause.
    void closed(CloseCause cause);
  }

  private enum State {
    DOWN,
    WAITING,
    OPENING,
    OPEN,
    FINISHING
  }

  private final CallLoop loop;
  private final SpeechRecognizer recognizer;
  private final RecognizerGate gate;
  private final AsrMetrics metrics;
  private final Backoff backoff;
  private final Watchdog watchdog;
  private final Duration watchInterval;
  private final Listener listener;
  private State state = State.DOWN;
  private Duration delay = Duration.ZERO;
  private int generation;
  private RecognizerGate.@Nullable Admission admission;
  private @Nullable RecognizerSession session;
  private CallLoop.@Nullable Timer timer;
  private boolean writing;

  RecognizerLine(CallTools tools, Listener listener) {
    CallSettings.Timing timing = tools.settings().timing();
    this.loop = tools.loop();
    this.recognizer = tools.recognizer();
    this.gate = tools.gate();
    this.metrics = tools.metrics();
    this.backoff = new Backoff(timing.reconnectMin(), timing.reconnectMax(), tools.random());
    this.watchdog = new Watchdog(timing.quietAfter(), timing.probeAfter(), timing.silenceLimit());
    this.watchInterval =
        timing.probeAfter().compareTo(WATCH_INTERVAL) > 0
            ? WATCH_INTERVAL
            : timing.probeAfter().dividedBy(2);
    this.listener = listener;
  }

  boolean isDown() {
    return state == State.DOWN;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isFinishing() {
    return state == State.FINISHING;
  }

  /// Whether the last audio handed over is still on its way out.
  boolean isWriting() {
    return writing;
  }

  /// Opens a session, as soon as the last failure's wait is over and there is room for one.
  void open(SessionRequest request) {
    state = State.WAITING;
    int mine = ++generation;
    timer =
        loop.after(
            delay,
            () -> {
              if (mine == generation) {
                admission = gate.request(() -> admitted(mine, request));
              }
            });
  }

  private void admitted(int mine, SessionRequest request) {
    if (mine == generation) {
      state = State.OPENING;
      session = recognizer.open(request, event -> loop.execute(() -> told(mine, event)));
    }
  }

  private void told(int mine, RecognizerEvent event) {
    if (mine != generation) {
      return;
    }
    switch (event) {
      case RecognizerEvent.Opened(String requestId) -> opened(mine, requestId);
      case RecognizerEvent.Heard(Hypothesis hypothesis) -> {
        alive();
        listener.heard(hypothesis);
      }
      case RecognizerEvent.Signal signal -> {
        if (signal.isLife()) {
          alive();
        }
        metrics.signal(signal.kind());
        listener.signalled(signal);
      }
      case RecognizerEvent.Closed(CloseCause cause) -> closed(cause);
    }
  }

  private void opened(int mine, String requestId) {
    state = State.OPEN;
    writing = false;
    metrics.sessionOpened();
    RecognizerGate.Admission entry = admission;
    if (entry != null) {
      entry.opened();
    }
    watchdog.sessionBegins();
    timer = loop.after(watchInterval, () -> watch(mine));
    listener.opened(requestId);
  }

  private void alive() {
    watchdog.heard();
    backoff.succeeded();
    delay = Duration.ZERO;
  }

  /// Hands audio over; one such write is under way at a time.
  void send(byte[] audio) {
    RecognizerSession open = session;
    if (open == null) {
      return;
    }
    writing = true;
    watchdog.audioSent(loop.nanos());
    int mine = generation;
    open.send(audio)
        .whenComplete((done, error) ->
            loop.execute(() -> {
              // A write that failed took the connection with it: that is told on its own.
              if (mine == generation && error == null) {
                writing = false;
                listener.writable();
              }
            }));
  }

  /// Says that no audio follows in this session.
  void finish() {
    RecognizerSession open = session;
    if (state == State.OPEN && open != null) {
      state = State.FINISHING;
      open.finish();
    }
  }

  private void watch(int mine) {
    RecognizerSession open = session;
    if (mine != generation || state != State.OPEN || open == null) {
      return;
    }
    switch (watchdog.check(loop.nanos())) {
      case WAIT -> {}
      case SETTLE -> {
        metrics.watchdog("settle");
        open.flush();
      }
      case PROBE -> {
        metrics.watchdog("probe");
        open.flush();
      }
      case RECONNECT -> {
        metrics.watchdog("reconnect");
        open.drop();
        closed(new CloseCause.Lost(CloseCause.Lost.How.SILENT, 1006, "no answer to audio"));
        return;
      }
    }
    timer = loop.after(watchInterval, () -> watch(mine));
  }

  private void closed(CloseCause cause) {
    RecognizerGate.Admission entry = admission;
    if (entry != null && cause instanceof CloseCause.Denied(int status, String detail)) {
      entry.denied(status + " " + detail);
    }
    session = null;
    down();
    if (cause instanceof CloseCause.Finished) {
      delay = Duration.ZERO;
    } else if (!(cause instanceof CloseCause.Denied)) {
      delay = backoff.next();
    }
    metrics.sessionClosed(cause.word());
    listener.closed(cause);
  }

  /// Leaves the session, if there is one, without a word.
  void drop() {
    RecognizerSession open = session;
    session = null;
    if (open != null) {
      open.drop();
    }
    down();
  }

  private void down() {
    generation++;
    state = State.DOWN;
    writing = false;
    CallLoop.Timer pending = timer;
    timer = null;
    if (pending != null) {
      pending.cancel();
    }
    RecognizerGate.Admission entry = admission;
    admission = null;
    if (entry != null) {
      entry.close();
    }
  }
}
