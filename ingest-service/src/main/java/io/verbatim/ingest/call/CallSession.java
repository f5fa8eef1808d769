package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call, from its opening until its end is in the log or another process owns it.
///
/// It outlives its connection until all audio and the end are stored; a pcm call also waits for its
/// caller to resume it. It ends once, with the first reason given. It keeps its audio for a while
/// after the end, in case the log loses the call before its transcript has ended. Confined to the
/// event loop.
public final class CallSession {
  private static final Logger logger = LoggerFactory.getLogger(CallSession.class);
  private static final long WARN_INTERVAL_MILLIS = 60_000;
  private static final int MAX_LOGGED_REASON_CHARS = 60;

  private final CallContext context;
  private final CallListener listener;
  private final Owner owner;
  private final AudioAppender appender;
  private final boolean resume;
  private final long nanosPerKilobyte;
  private boolean over;
  private long droppedSinceWarning;
  private long nextWarningMillis;

  /// Receives a session's changes of state.
  interface Owner {
    /// The session is open under its id.
    void opened(CallSession session);

    /// The call has ended or left this instance. The listener was notified before.
    void over(CallSession session);

    /// Nothing is left to keep in memory.
    void settled(CallSession session);
  }

  /// @param token the writer's token in the log
  /// @param resume whether to take over a live call
  CallSession(
      CallStart start,
      String token,
      boolean resume,
      CallContext context,
      Owner owner,
      CallListener listener) {
    this.resume = resume;
    this.owner = owner;
    this.context = context;
    this.listener = listener;
    nanosPerKilobyte = 1024_000_000_000L / start.format().bytesPerSecond();
    appender = new AudioAppender(start, token, resume, context, new Events());
    Heartbeat.start(context, appender);
  }

  /// Takes the call over from an older session of this instance, with its buffer. Call before
  /// [#open].
  void inheritFrom(CallSession older) {
    appender.inherit(older.appender.handOver());
  }

  /// Opens the call in the log. Call once.
  public void open() {
    appender.open();
  }

  /// Whether a start of a new connection resumes this call.
  boolean isResumedBy(CallStart other) {
    CallStart own = appender.start();
    return other.source() == Source.PCM
        && other.call().equals(own.call())
        && other.tenant().equals(own.tenant())
        && other.format().equals(own.format());
  }

  /// Adds one frame of whole sample frames. Takes ownership of the array.
  ///
  /// Returns whether there is room for more. If not, the sender must wait for
  /// [CallListener#roomAvailable] or until [#hasRoom].
  ///
  /// @param seq the frame's number; 0 if frames are not numbered
  public boolean add(byte[] pcm, long seq) {
    return appender.add(pcm, seq);
  }

  /// Whether more audio can be added, or would be discarded.
  public boolean hasRoom() {
    return appender.hasRoom();
  }

  /// Ends the call after all audio added so far.
  public void end(String reason) {
    appender.end(reason);
  }

  /// Ends the call after the resume window, unless a new connection resumes it.
  public void awaitResumption() {
    context.delays().after(context.settings().resumeWindow(), () -> end("socket_lost"));
  }

  /// The connection no longer waits for the call to open. A resumed call waits for another
  /// connection; a new one is abandoned.
  public void abandon() {
    if (resume) {
      awaitResumption();
    } else {
      appender.abandon();
    }
  }

  /// Stops writing, because another session has the call.
  void supersede() {
    appender.abandon();
  }

  /// Whether the call has ended or left this instance.
  boolean isOver() {
    return over;
  }

  boolean isResumable() {
    return appender.start().source() == Source.PCM;
  }

  /// Whether nothing is left to keep in memory.
  boolean isSettled() {
    return appender.isFinished();
  }

  /// Releases all memory.
  void release() {
    appender.release();
  }

  /// The duration of a number of bytes of this call's audio.
  public long nanosOf(int bytes) {
    return bytes * nanosPerKilobyte / 1024;
  }

  String tenant() {
    return appender.start().tenant();
  }

  /// The id the call was opened under.
  public CallId id() {
    return appender.start().call();
  }

  private void finished(String outcome, Runnable event) {
    if (over) {
      return;
    }
    over = true;
    context.delays().after(context.settings().settleTimeout(), appender::release);
    context.metrics().callOver(outcome);
    String reason = appender.endReason();
    logger.info(
        "call.over callId={} outcome={} reason=\"{}\" durationMs={}",
        id(),
        outcome,
        reason
            .substring(0, Math.min(reason.length(), MAX_LOGGED_REASON_CHARS))
            .replaceAll("[\\p{Cntrl}\"]", "?"),
        appender.start().format().toMillis(appender.receivedBytes()));
    event.run();
    owner.over(this);
  }

  /// Logs and counts the appender's events and forwards them.
  private final class Events implements AudioAppender.Events {
    @Override
    public void opened(CallId id, long nextSeq, long storedSeq) {
      if (resume && nextSeq > 1) {
        context.metrics().callResumed();
        logger.info("call.resumed callId={} nextSeq={}", id, nextSeq);
      } else {
        CallStart start = appender.start();
        context.metrics().callOpened(start.source());
        logger.info(
            "call.opened callId={} tenant=\"{}\" source={} format={}",
            id,
            start.tenant().replaceAll("[^\\w.@:-]", "?"),
            start.source().wireName(),
            start.format());
      }
      owner.opened(CallSession.this);
      listener.opened(id, nextSeq, storedSeq);
    }

    @Override
    public void dropped(long bytes) {
      if (bytes == 0) {
        return;
      }
      context.metrics().dropped("bus_away", bytes);
      droppedSinceWarning += bytes;
      long now = context.clock().millis();
      if (now >= nextWarningMillis) {
        logger.warn(
            "call.audio.dropped callId={} bytes={} reason=bus_away", id(), droppedSinceWarning);
        nextWarningMillis = now + WARN_INTERVAL_MILLIS;
        droppedSinceWarning = 0;
      }
    }

    @Override
    public void refused(Reason reason) {
      CallSession.this.finished("refused", () -> listener.refused(reason));
    }

    @Override
    public void stored(long seq) {
      listener.stored(seq);
    }

    @Override
    public void roomAvailable() {
      listener.roomAvailable();
    }

    @Override
    public void ended() {
      CallSession.this.finished("ended", listener::ended);
    }

    @Override
    public void superseded() {
      CallSession.this.finished("superseded", listener::superseded);
    }

    @Override
    public void endedElsewhere() {
      CallSession.this.finished("ended_elsewhere", listener::endedElsewhere);
    }

    @Override
    public void finished() {
      owner.settled(CallSession.this);
    }
  }
}
