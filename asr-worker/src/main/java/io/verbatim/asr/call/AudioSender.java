package io.verbatim.asr.call;

import io.verbatim.asr.feed.AudioFeed;
import io.verbatim.asr.feed.ChannelSilence;
import io.verbatim.asr.feed.TokenBucket;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.session.RecognizerConnection;
import io.verbatim.asr.transcript.CallTranscript;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.GapReason;
import java.time.Duration;

/// Sends a call's audio from the feed to its recogniser sessions, one after the other. Confined to
/// the event loop.
///
/// All audio that has been read goes at once, as one message where the limits allow it, while the
/// network takes it; a backlog is paced.
final class AudioSender {
  private static final Duration MAX_MESSAGE = Duration.ofMillis(250);
  private static final Duration MIN_DELAY = Duration.ofMillis(20);

  /// Sessions in a row that may fail to finish the audio before the same gap.
  private static final int MAX_UNFINISHED = 3;

  private final CallContext context;
  private final AudioFormat format;
  private final AudioFeed feed;
  private final RecognizerConnection connection;
  private final CallTranscript transcript;
  private final ChannelSilence silence;
  private final Runnable onChange;
  private final int maxMessageBytes;
  private final long minBytes;
  private TokenBucket bucket;
  private boolean started;
  private boolean delayed;
  private long furthestSent;
  private long readFrom;
  private String startReason = GapReason.RETENTION;
  private long unfinishedEnd;
  private int unfinished;

  /// @param onChange called when audio that was held back may be sent, or was read again
  AudioSender(
      CallContext context,
      AudioFormat format,
      AudioFeed feed,
      RecognizerConnection connection,
      CallTranscript transcript,
      Runnable onChange) {
    this.context = context;
    this.format = format;
    this.feed = feed;
    this.connection = connection;
    this.transcript = transcript;
    this.silence = new ChannelSilence(format);
    this.onChange = onChange;
    this.maxMessageBytes = (int) Math.max(format.bytesPerFrame(), format.toBytes(MAX_MESSAGE));
    this.minBytes = format.toBytes(MIN_DELAY);
    this.bucket = newBucket();
  }

  private TokenBucket newBucket() {
    return new TokenBucket(
        format.bytesPerSecond(), context.settings().replaySpeed(), System.nanoTime());
  }

  /// Reads again from the first position that no final covers.
  ///
  /// @param reason why the audio there may be missing
  void replay(String reason) {
    started = false;
    startReason = reason;
    readFrom = transcript.lowestCovered();
    transcript.sessionStarted(readFrom);
    feed.startAt(readFrom);
  }

  /// Whether audio is missing before what comes next.
  boolean isAtGap() {
    return !feed.isScanning() && feed.gapEnd().isPresent();
  }

  /// Reports the missing audio as a gap and continues behind it.
  void skipGap() {
    long to = feed.gapEnd().orElseThrow();
    boolean mayHaveExpired = feed.position() == readFrom && !feed.isAfterLoss();
    transcript.gap(to, mayHaveExpired ? startReason : GapReason.LOG_LOST);
    feed.skipTo(to);
    onChange.run();
  }

  /// No session takes the audio: it stays in the log; only the call's end is looked for and, from
  /// time to time, what has expired meanwhile.
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

  /// A session opened that has been sent nothing yet.
  void sessionOpened() {
    bucket = newBucket();
    started = false;
  }

  /// Whether the session was sent anything.
  boolean hasStarted() {
    return started;
  }

  void sessionOver() {
    started = false;
  }

  /// The session was lost: reads again what it did not cover. Audio before a gap that session after
  /// session did not finish is abandoned, because the audio behind it must not wait for longer.
  ///
  /// @param cause a session that lost a final is counted for that final
  void sessionLost(CloseCause cause) {
    if (started && isAtGap() && isUnfinished(cause)) {
      unfinished = feed.position() == unfinishedEnd ? unfinished + 1 : 1;
      unfinishedEnd = feed.position();
      if (unfinished >= MAX_UNFINISHED) {
        transcript.gap(unfinishedEnd, GapReason.RECOGNIZER_UNAVAILABLE);
      }
    }
    replay(GapReason.RETENTION);
  }

  private static boolean isUnfinished(CloseCause cause) {
    return cause instanceof CloseCause.Lost lost && lost.how() != CloseCause.Lost.How.FINAL_MISSING;
  }

  /// Sends what has been read, as far as the pace and the network allow.
  void send() {
    while (feed.hasAudio() && connection.isWritable()) {
      int frame = format.bytesPerFrame();
      long allowed = bucket.available(System.nanoTime()) / frame * frame;
      if (allowed < minBytes) {
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
    bucket.take(batch.length());
    AudioFeed.Batch audible = silence.apply(batch, transcript::covered);
    connection.send(audible.array(), audible.offset(), audible.length());
    context.metrics().audioSent((double) batch.length() / format.bytesPerSecond());
    if (batch.end() > furthestSent) {
      furthestSent = batch.end();
      long latency = context.clock().millis() - batch.arrivedMillis();
      context.metrics().frameSent(Duration.ofMillis(Math.max(0, latency)));
    }
  }

  private void sendLater() {
    if (!delayed) {
      delayed = true;
      context
          .loop()
          .after(
              MIN_DELAY,
              () -> {
                delayed = false;
                onChange.run();
              });
    }
  }
}
