package io.verbatim.asr.session;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One call's connection to the recogniser: at most one session at a time, opened after the backoff
/// and when the limiter admits it, watched while it is open, reported once when it ends. Confined
/// to the event loop.
public final class RecognizerConnection {
  private static final Duration MAX_WATCH_INTERVAL = Duration.ofMillis(500);

  /// Receives the events of the connection. Never called from within one of its methods.
  public interface Listener {
    void opened(String requestId);

    void onHypothesis(Hypothesis hypothesis);

    /// The recogniser sent a message without words.
    void onSignal(RecognizerEvent.Signal signal);

    /// More audio may be sent.
    void writable();

    /// The recogniser reports that it has processed everything. Returns the given cause if its
    /// results confirm that, else why the session counts as lost.
    CloseCause finished(CloseCause.Finished finished);

    /// The session ended.
    void closed(CloseCause cause);
  }

  private enum State {
    DOWN,
    WAITING,
    OPENING,
    OPEN,
    FINISHING
  }

  private final SessionContext context;
  private final Backoff backoff;
  private final HandshakeLimit handshake;
  private final Watchdog watchdog;
  private final Duration watchInterval;
  private final Listener listener;
  private State state = State.DOWN;
  private Duration delay = Duration.ZERO;
  private int generation;
  private long openingNanos;
  private SessionLimiter.@Nullable Permit permit;
  private @Nullable RecognizerSession session;
  private EventLoop.Timer timer = () -> {};

  public RecognizerConnection(SessionContext context, Listener listener) {
    SessionTiming timing = context.timing();
    this.context = context;
    this.backoff = new Backoff(timing.reconnectMin(), timing.reconnectMax(), context.random());
    this.handshake = new HandshakeLimit(timing.handshakeLimit());
    this.watchdog = new Watchdog(timing.quietAfter(), timing.probeAfter(), timing.silenceLimit());
    this.watchInterval =
        timing.probeAfter().compareTo(MAX_WATCH_INTERVAL) > 0
            ? MAX_WATCH_INTERVAL
            : timing.probeAfter().dividedBy(2);
    this.listener = listener;
  }

  public boolean isDown() {
    return state == State.DOWN;
  }

  public boolean isOpen() {
    return state == State.OPEN;
  }

  public boolean isFinishing() {
    return state == State.FINISHING;
  }

  /// Whether a session is open and its socket is writable.
  public boolean isWritable() {
    return state == State.OPEN && session != null && session.isWritable();
  }

  /// Opens a session as soon as the delay after the last failure has passed and the limiter admits
  /// it.
  public void open(SessionRequest request) {
    state = State.WAITING;
    int current = ++generation;
    timer =
        context
            .loop()
            .after(
                delay, () -> permit = context.limiter().request(() -> admitted(current, request)));
  }

  private void admitted(int current, SessionRequest request) {
    if (current == generation) {
      state = State.OPENING;
      openingNanos = System.nanoTime();
      session =
          context.recognizer().open(request, handshake.current(), event -> onEvent(current, event));
    }
  }

  private void onEvent(int current, RecognizerEvent event) {
    if (current != generation) {
      return;
    }
    switch (event) {
      case RecognizerEvent.Opened(String requestId) -> opened(requestId);
      case RecognizerEvent.Result(Hypothesis hypothesis) -> {
        answered();
        listener.onHypothesis(hypothesis);
      }
      case RecognizerEvent.Signal signal -> {
        if (signal.provesLiveness()) {
          answered();
        }
        context.metrics().signal(signal.kind());
        listener.onSignal(signal);
      }
      case RecognizerEvent.Writable _ -> listener.writable();
      case RecognizerEvent.Closed(CloseCause.Finished finished) ->
          closed(listener.finished(finished));
      case RecognizerEvent.Closed(CloseCause cause) -> closed(cause);
    }
  }

  private void opened(String requestId) {
    state = State.OPEN;
    handshake.answered(Duration.ofNanos(System.nanoTime() - openingNanos));
    context.metrics().sessionOpened();
    if (permit != null) {
      permit.opened();
    }
    watchdog.sessionStarted();
    timer = context.loop().after(watchInterval, this::watch);
    listener.opened(requestId);
  }

  private void answered() {
    watchdog.answered();
    backoff.succeeded();
    delay = Duration.ZERO;
  }

  /// Sends audio; call it only if [#isWritable]. See [RecognizerSession#send].
  public void send(byte[] audio, int offset, int length) {
    if (session != null) {
      watchdog.audioSent(System.nanoTime());
      session.send(audio, offset, length);
    }
  }

  /// Declares that no audio follows in this session.
  public void finish() {
    if (state == State.OPEN && session != null) {
      state = State.FINISHING;
      session.finish();
    }
  }

  private void watch() {
    if (state != State.OPEN || session == null) {
      return;
    }
    Watchdog.Action action = watchdog.check(System.nanoTime());
    if (action != Watchdog.Action.WAIT) {
      context.metrics().watchdog(action.name().toLowerCase(Locale.ROOT));
    }
    switch (action) {
      case WAIT -> {}
      case SETTLE, PROBE -> session.requestFinals();
      case RECONNECT -> {
        session.drop();
        closed(new CloseCause.Lost(CloseCause.Lost.Reason.SILENT, 1006, "no answer to audio"));
        return;
      }
    }
    timer = context.loop().after(watchInterval, this::watch);
  }

  private void closed(CloseCause cause) {
    if (permit != null && cause instanceof CloseCause.Denied(int status, String detail)) {
      permit.denied(status + " " + detail);
    } else if (permit != null && cause instanceof CloseCause.Busy) {
      permit.busy();
    }
    end(cause);
    listener.closed(cause);
  }

  private void end(CloseCause cause) {
    if (cause instanceof CloseCause.Lost lost
        && lost.reason() == CloseCause.Lost.Reason.NO_HANDSHAKE) {
      handshake.missed();
    }
    session = null;
    down();
    if (cause instanceof CloseCause.Finished || cause instanceof CloseCause.Busy) {
      // The limiter delays the next attempt after a refusal.
      delay = Duration.ZERO;
    } else if (!(cause instanceof CloseCause.Denied)) {
      delay = backoff.next();
    }
    context.metrics().sessionClosed(cause.label());
  }

  /// Drops the session because of its results: it counts as lost, and the next one is delayed. The
  /// listener is not called.
  public void fail(CloseCause.Lost cause) {
    if (session != null) {
      session.drop();
      end(cause);
    }
  }

  /// Drops the session, if there is one, without a close frame. The listener is not called.
  public void drop() {
    if (session != null) {
      session.drop();
      session = null;
    }
    down();
  }

  private void down() {
    generation++;
    state = State.DOWN;
    timer.cancel();
    if (permit != null) {
      SessionLimiter.Permit held = permit;
      permit = null;
      held.close();
    }
  }
}
