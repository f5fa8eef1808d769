package io.verbatim.asr.call;

import io.verbatim.asr.feed.AudioFeed;
import io.verbatim.asr.feed.ChannelSilence;
import io.verbatim.asr.feed.ReplayRate;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.session.RecognizerConnection;
import io.verbatim.asr.transcript.CallTranscript;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.service.TokenBucket;
import java.time.Duration;

/// Sends a call's audio from the feed to its recogniser sessions, one after the other. Confined to
/// the event loop.
///
/// While the socket is writable, audio that has been read is sent at once, in messages of at most
/// [#MAX_MESSAGE]. A backlog is sent at a limited rate.
final class AudioSender {
  private static final Duration MAX_MESSAGE = Duration.ofMillis(250);

  /// If the rate limit allows less audio than this, sending is retried after this time.
  private static final Duration MIN_ALLOWED = Duration.ofMillis(20);

  /// How many sessions in a row may be lost before one finishes the audio that precedes a gap.
  private static final int MAX_UNFINISHED = 3;

  private final CallContext context;
  private final AudioFormat format;
  private final AudioFeed feed;
  private final RecognizerConnection connection;
  private final CallTranscript transcript;
  private final ChannelSilence silence;
  private final Runnable onChange;
  private final int maxMessageBytes;
  private final long minAllowedBytes;
  private final long claimedNanos = System.nanoTime();
  private boolean takenOver;
  private TokenBucket bucket;
  private boolean started;
  private boolean delayed;
  private long furthestSent;
  private long readFrom;

  /// The reason of a gap at `readFrom`, the start of the replay.
  private String startReason = GapReason.RETENTION;

  /// The end of the audio that the last sessions did not finish, where a gap begins.
  private long unfinishedEnd;

  private int unfinishedSessions;

  /// @param takenOver whether another worker owned the call before
  /// @param onChange called when delayed audio may be sent, or audio is read again
  AudioSender(
      CallContext context,
      AudioFormat format,
      AudioFeed feed,
      RecognizerConnection connection,
      CallTranscript transcript,
      boolean takenOver,
      Runnable onChange) {
    this.context = context;
    this.takenOver = takenOver;
    this.format = format;
    this.feed = feed;
    this.connection = connection;
    this.transcript = transcript;
    this.silence = new ChannelSilence(format);
    this.onChange = onChange;
    this.maxMessageBytes = (int) Math.max(format.bytesPerFrame(), format.toBytes(MAX_MESSAGE));
    this.minAllowedBytes = format.toBytes(MIN_ALLOWED);
    this.bucket = newBucket();
  }

  private TokenBucket newBucket() {
    return ReplayRate.newBucket(
        format.bytesPerSecond(), context.settings().replaySpeed(), System.nanoTime());
  }

  /// Reads again from the first position that no final covers.
  ///
  /// @param reason of the gap if the audio there is missing
  void replay(String reason) {
    started = false;
    startReason = reason;
    readFrom = transcript.lowestCovered();
    transcript.sessionStarted(readFrom);
    feed.startAt(readFrom);
  }

  /// Whether a gap precedes the next audio or the call's end.
  boolean isAtGap() {
    return !feed.isScanning() && feed.gapEnd().isPresent();
  }

  /// Reports the missing audio as a gap and continues after it.
  void skipGap() {
    long to = feed.gapEnd().orElseThrow();
    // The oldest audio expires first: only a gap where the replay starts can be expired audio.
    boolean mayHaveExpired = feed.position() == readFrom && !feed.isAfterLoss();
    transcript.gap(to, mayHaveExpired ? startReason : GapReason.LOG_LOST);
    feed.skipTo(to);
    onChange.run();
  }

  /// Leaves the audio in the log, because there is no session to send it to. Reads only to find the
  /// call's end and, periodically, to report audio that has expired.
  void scan() {
    if (!feed.isScanning()) {
      feed.scan();
      context.loop().after(context.settings().timing().agingCheck(), this::readExpired);
    }
    feed.pull();
  }

  private void readExpired() {
    if (feed.isScanning()) {
      replay(GapReason.RETENTION);
      onChange.run();
    }
  }

  /// A session opened; no audio was sent to it yet.
  void sessionOpened() {
    bucket = newBucket();
    started = false;
  }

  /// Whether audio was sent to the session.
  boolean hasStarted() {
    return started;
  }

  void sessionFinished() {
    started = false;
  }

  /// The session was lost: reads again the audio that its finals did not cover. If
  /// [#MAX_UNFINISHED] sessions in a row were lost before they finished the audio that precedes a
  /// gap, that audio is reported as a gap too, so that the audio after the gap is not delayed
  /// further.
  ///
  /// @param cause why it was lost; a session with a missing final is counted by `MissingFinals`,
  ///   not here
  void sessionLost(CloseCause cause) {
    if (started && isAtGap() && countsAsUnfinished(cause)) {
      unfinishedSessions = feed.position() == unfinishedEnd ? unfinishedSessions + 1 : 1;
      unfinishedEnd = feed.position();
      if (unfinishedSessions >= MAX_UNFINISHED) {
        transcript.gap(unfinishedEnd, GapReason.RECOGNIZER_UNAVAILABLE);
      }
    }
    replay(GapReason.RETENTION);
  }

  private static boolean countsAsUnfinished(CloseCause cause) {
    return cause instanceof CloseCause.Lost lost
        && lost.reason() != CloseCause.Lost.Reason.FINAL_MISSING;
  }

  /// Sends what has been read, as far as the pace and the socket allow.
  void send() {
    while (feed.hasAudio() && connection.isWritable()) {
      int frame = format.bytesPerFrame();
      long allowed = (long) bucket.available(System.nanoTime()) / frame * frame;
      if (allowed < minAllowedBytes) {
        sendLater();
        return;
      }
      send(feed.take((int) Math.min(allowed, maxMessageBytes)));
    }
  }

  private void send(AudioFeed.Batch batch) {
    if (!started) {
      started = true;
      transcript.sessionStarted(batch.start());
    }
    transcript.sent(batch.end(), batch.length(), batch.arrivedMillis());
    bucket.take(batch.length(), System.nanoTime());
    AudioFeed.Batch audible = silence.apply(batch, transcript::covered);
    connection.send(audible.array(), audible.offset(), audible.length());
    context.metrics().audioSent((double) batch.length() / format.bytesPerSecond());
    if (batch.end() > furthestSent) {
      furthestSent = batch.end();
      long latency = Math.max(0, context.clock().millis() - batch.arrivedMillis());
      context.metrics().frameSent(Duration.ofMillis(latency));
      recordTakeover(Duration.ofMillis(latency));
    }
  }

  /// Records the duration of a takeover once, when the first audio is sent: the time since the
  /// claim, or since the arrival of that audio if it arrived later, because a takeover delays no
  /// audio before it arrives.
  private void recordTakeover(Duration sinceArrival) {
    if (takenOver) {
      takenOver = false;
      Duration sinceClaim = Duration.ofNanos(System.nanoTime() - claimedNanos);
      context
          .metrics()
          .takenOver(sinceClaim.compareTo(sinceArrival) < 0 ? sinceClaim : sinceArrival);
    }
  }

  private void sendLater() {
    if (!delayed) {
      delayed = true;
      context
          .loop()
          .after(
              MIN_ALLOWED,
              () -> {
                delayed = false;
                onChange.run();
              });
    }
  }
}
