package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call from its opening until its end is in the log, or until it is another process's.
///
/// It outlives its connection: until all its audio and its end are stored, and a pcm call until its
/// caller has had time to come back. It ends once, for the first reason given. What it holds it
/// keeps for a while longer, in case the log forgets it before its transcript has ended. Confined
/// to the event loop.
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

  /// Keeps account of sessions.
  interface Owner {
    /// The session has its id.
    void opened(CallSession session);

    /// The session's call is no longer this instance's, or has ended. The listener knows already.
    void over(CallSession session);

    /// Nothing is left to keep.
    void settled(CallSession session);
  }

  /// @param token the writer's name in the log
  /// @param resume whether a live call is taken over
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

  /// Takes the call over from an older session here, with all audio held of it. Before [#open].
  void inheritFrom(CallSession older) {
    appender.inherit(older.appender.handOver());
  }

  /// Opens the call in the log. Once.
  public void open() {
    appender.open();
  }

  /// Whether a start is of this very call, which its caller resumes with a new connection.
  boolean isResumedBy(CallStart again) {
    CallStart mine = appender.start();
    return again.source() == Source.PCM
        && again.call().equals(mine.call())
        && again.tenant().equals(mine.tenant())
        && again.format().equals(mine.format());
  }

  /// Adds one frame of whole sample frames. The array is handed over.
  ///
  /// Answers whether there is room for more. Where there is none, the sender must wait until
  /// [CallListener#roomAvailable], or until [#hasRoom].
  ///
  /// @param seq its number, where frames are numbered; else 0
  public boolean add(byte[] pcm, long seq) {
    return appender.add(pcm, seq);
  }

  /// Whether there is room for more audio, or no use for it.
  public boolean hasRoom() {
    return appender.hasRoom();
  }

  /// Ends the call behind all audio added so far.
  public void end(String reason) {
    appender.end(reason);
  }

  /// The caller's connection is lost; unless the call is resumed in time, it ends.
  public void awaitResumption() {
    context.delays().after(context.settings().resumeWindow(), () -> end("socket_lost"));
  }

  /// The connection no longer waits for the call to open. A resumed call stays for the next
  /// connection; a new one has never been.
  public void abandon() {
    if (resume) {
      awaitResumption();
    } else {
      appender.abandon();
    }
  }

  /// Another session has the call: nothing more of it is written from here.
  void giveUp() {
    appender.abandon();
  }

  /// Whether nothing is left to do for the call here.
  boolean isOver() {
    return over;
  }

  boolean isResumable() {
    return appender.start().source() == Source.PCM;
  }

  /// Whether nothing is left to keep.
  boolean isSettled() {
    return appender.isFinished();
  }

  /// Keeps nothing any longer.
  void forget() {
    appender.forget();
  }

  /// How long so much of its audio lasts.
  public long nanosOf(int bytes) {
    return bytes * nanosPerKilobyte / 1024;
  }

  String tenant() {
    return appender.start().tenant();
  }

  /// The id under which the call was opened.
  public CallId id() {
    return appender.start().call();
  }

  private void finished(String outcome, Runnable event) {
    if (over) {
      return;
    }
    over = true;
    context.delays().after(context.settings().settleTimeout(), appender::forget);
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

  /// Passes the appender's events on, and keeps this session's own account of them.
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
            "call.opened callId={} source={} format={}",
            id,
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
