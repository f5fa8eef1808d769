package io.verbatim.asr.call;

import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.GapReason;
import java.time.Duration;

/// The audio of one recogniser session after the other: what of the feed goes to the line, when,
/// and as how much.
///
/// Audio goes as it comes. What comes while a write is under way goes as one message when that
/// returns; what is caught up on is paced.
final class CallAudio {
  private static final Duration LONGEST_MESSAGE = Duration.ofMillis(250);
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);

  private final AudioFormat format;
  private final AudioFeed feed;
  private final RecognizerLine line;
  private final TranscriptAssembler assembler;
  private final CallTranscript transcript;
  private final CallTools tools;
  private final ChannelSilence silence;
  private final Runnable onNews;
  private ReplayPace pace;
  private boolean begun;
  private boolean waiting;
  private long furthestSent;
  private long newestArrivalMillis;
  private long readFrom;
  private String startReason = GapReason.RETENTION;

  /// @param onNews called on the loop when there is something to look at, or audio that was held
  ///   back may go
  CallAudio(
      AudioFormat format,
      AudioFeed feed,
      RecognizerLine line,
      TranscriptAssembler assembler,
      CallTranscript transcript,
      CallTools tools,
      Runnable onNews) {
    this.format = format;
    this.feed = feed;
    this.line = line;
    this.assembler = assembler;
    this.transcript = transcript;
    this.tools = tools;
    this.silence = new ChannelSilence(format);
    this.onNews = onNews;
    this.pace = newPace();
  }

  private ReplayPace newPace() {
    return new ReplayPace(
        format.bytesPerSecond(), tools.settings().replaySpeed(), tools.loop().nanos());
  }

  /// Reads again from the first position no final covers.
  ///
  /// @param reason why the audio there may be gone
  void readAgain(String reason) {
    begun = false;
    startReason = reason;
    readFrom = assembler.lowestCovered();
    assembler.sessionBegins(readFrom);
    feed.startAt(readFrom);
  }

  /// Whether audio is missing before what comes next.
  boolean isAtHole() {
    return !feed.isScanning() && feed.holeEnd().isPresent();
  }

  /// Says that the missing audio is, and goes behind it.
  void skipHole() {
    long to = feed.holeEnd().orElseThrow();
    boolean mayHaveAged = feed.position() == readFrom && !feed.isAfterLoss();
    transcript.gap(to, mayHaveAged ? startReason : GapReason.LOG_LOST);
    feed.skipTo(to);
    onNews.run();
  }

  /// Nobody takes the audio: it stays in the log, and only the call's end is looked for, and now
  /// and then what has aged away meanwhile.
  void scan() {
    if (!feed.isScanning()) {
      feed.scan();
      tools
          .loop()
          .after(
              tools.settings().timing().agingCheck(),
              () -> {
                if (feed.isScanning()) {
                  readAgain(GapReason.RETENTION);
                  onNews.run();
                }
              });
    }
    feed.pull();
  }

  /// A session is open that has been sent nothing yet.
  void sessionOpened() {
    pace = newPace();
    begun = false;
  }

  /// Whether the session was sent anything.
  boolean hasBegun() {
    return begun;
  }

  void sessionOver() {
    begun = false;
  }

  /// Sends what waits and may go; the feed has audio.
  void send() {
    int frame = format.bytesPerFrame();
    long allowed = pace.allowed(tools.loop().nanos()) / frame * frame;
    if (allowed < format.toBytes(SHORTEST_WAIT)) {
      sendLater();
      return;
    }
    long longest = Math.max(frame, format.toBytes(LONGEST_MESSAGE));
    AudioFeed.Batch batch = feed.take((int) Math.min(allowed, longest));
    if (!begun) {
      begun = true;
      assembler.sessionBegins(batch.start());
    }
    assembler.sent(batch.end(), batch.arrivedMillis(), tools.loop().millis());
    pace.sent(batch.pcm().length);
    newestArrivalMillis = batch.end() > furthestSent ? batch.arrivedMillis() : 0;
    furthestSent = Math.max(furthestSent, batch.end());
    silence.apply(batch.pcm(), batch.start(), assembler::covered);
    transcript.sent(batch.pcm().length);
    tools.metrics().audioSent((double) batch.pcm().length / format.bytesPerSecond());
    line.send(batch.pcm());
  }

  private void sendLater() {
    if (!waiting) {
      waiting = true;
      tools
          .loop()
          .after(
              SHORTEST_WAIT,
              () -> {
                waiting = false;
                onNews.run();
              });
    }
  }

  /// The last audio has left for the recogniser: counted, unless it had been sent before.
  void left() {
    if (newestArrivalMillis > 0) {
      long latency = tools.loop().millis() - newestArrivalMillis;
      tools.metrics().frameSent(Duration.ofMillis(Math.max(0, latency)));
      newestArrivalMillis = 0;
    }
  }
}
