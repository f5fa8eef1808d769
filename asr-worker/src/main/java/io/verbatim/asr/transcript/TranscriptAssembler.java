package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.ProtocolViolation;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Builds one call's transcript from the results of its recogniser sessions, including late,
/// repeated, early or overlapping ones. Values in, values out; not thread-safe.
///
/// Each write advances a channel's `covered` from the end of the write before, so that no word is
/// written twice and no audio is skipped without a gap. The caller makes the writes in order.
public final class TranscriptAssembler {
  private static final Duration EARLY_TOLERANCE = Duration.ofMillis(20);

  private final AudioFormat format;
  private final String recognizer;
  private final long tolerance;
  private final List<ChannelTranscript> channels;
  private final Consumer<ProtocolViolation> violations;
  private final MissingFinals missing;
  private SessionTimeline session;

  /// @param covered per channel, the position below which every word has been written
  /// @param interims the interims of the previous owner, at most one per channel
  /// @param recognizer its name in the transcript
  /// @param violations counts unexpected results
  public TranscriptAssembler(
      AudioFormat format,
      List<Long> covered,
      List<Speech> interims,
      String recognizer,
      Consumer<ProtocolViolation> violations) {
    this.format = format;
    this.recognizer = recognizer;
    this.violations = violations;
    this.tolerance = format.toBytes(EARLY_TOLERANCE);
    this.channels =
        IntStream.range(0, format.channels())
            .mapToObj(channel -> new ChannelTranscript(channel, covered.get(channel)))
            .toList();
    interims.stream()
        .filter(interim -> interim.channel() < channels.size())
        .forEach(interim ->
            channels
                .get(interim.channel())
                .continueWith(interim.segment(), PositionedHypothesis.of(interim, format)));
    this.missing = new MissingFinals(channels, tolerance, violations);
    this.session = new SessionTimeline(format, lowestCovered());
  }

  /// A new session is sent the call's audio from this position on; it repeats the held finals of
  /// the session before.
  public void sessionStarted(long position) {
    session = new SessionTimeline(format, position);
    channels.forEach(channel -> channel.early().discard());
  }

  /// The session was sent audio up to `end`.
  ///
  /// @param arrivedMillis when its last byte arrived at ingest, in epoch milliseconds
  /// @param sentMillis when it was sent to the recogniser
  public void sent(long end, long arrivedMillis, long sentMillis) {
    session.sent(end, arrivedMillis, sentMillis);
  }

  /// Processes one result of the session.
  ///
  /// @param nowNanos monotonic
  public List<TranscriptWrite> onHypothesis(Hypothesis hypothesis, long nowMillis, long nowNanos) {
    if (hypothesis.channel() >= channels.size()) {
      violations.accept(ProtocolViolation.NO_SUCH_CHANNEL);
      return List.of();
    }
    ChannelTranscript channel = channels.get(hypothesis.channel());
    PositionedHypothesis positioned = PositionedHypothesis.of(hypothesis, session);
    List<TranscriptWrite> writes = new ArrayList<>();
    if (!hypothesis.isFinal()) {
      writeInterim(channel, positioned, nowMillis, writes);
    } else if (positioned.start() > channel.covered() + tolerance) {
      violations.accept(ProtocolViolation.EARLY_HELD);
      channel.early().hold(positioned, nowNanos);
    } else {
      commit(channel, positioned, nowMillis, writes);
      commitReady(channel, nowMillis, writes);
    }
    return writes;
  }

  /// The finals that the session has lost.
  public MissingFinals missing() {
    return missing;
  }

  /// Commits the held finals that continue from `covered`.
  public List<TranscriptWrite> commitReady(long nowMillis) {
    List<TranscriptWrite> writes = new ArrayList<>();
    channels.forEach(channel -> commitReady(channel, nowMillis, writes));
    return writes;
  }

  /// A message of the session could not be read: it may have been a final.
  public void messageUnreadable() {
    session.messageUnreadable();
  }

  /// Whether the session's results reach the end of the audio sent: finals cover it, or the
  /// recogniser has processed it except for less than a frame of 20 ms, which is too short for a
  /// word.
  ///
  /// @param audioSeconds how much audio the recogniser reports as processed
  public boolean reachesEnd(double audioSeconds) {
    return lowestCovered() >= session.sentEnd()
        || session.isProcessed(audioSeconds, EARLY_TOLERANCE);
  }

  /// All results of the session have arrived. Commits words that are still interim as unconfirmed.
  public List<TranscriptWrite> sessionFinished(long nowMillis) {
    List<TranscriptWrite> writes = new ArrayList<>();
    for (ChannelTranscript channel : channels) {
      channel
          .uncommitted()
          .ifPresent(words -> commitUnconfirmed(channel, words, nowMillis, writes));
      if (channel.covered() < session.sentEnd()) {
        writes.add(silence(channel, session.sentEnd()));
      }
    }
    return writes;
  }

  /// No final will arrive for the audio below this position: commits the newest interims there as
  /// unconfirmed words; the audio before the first of them becomes a gap.
  ///
  /// @param reason of the gap
  public List<TranscriptWrite> commitUnconfirmedBelow(
      long position, String reason, long nowMillis) {
    List<TranscriptWrite> writes = new ArrayList<>(gapBeforeWords(position, reason));
    for (ChannelTranscript channel : channels) {
      channel
          .uncommitted()
          .filter(words -> words.start() < position)
          .map(words -> words.below(position))
          .filter(words -> !words.isEmpty())
          .ifPresent(words -> commitUnconfirmed(channel, words, nowMillis, writes));
    }
    return writes;
  }

  /// No final will arrive for the audio below this position: the audio before the first words there
  /// becomes a gap.
  public List<TranscriptWrite> gapBeforeWords(long position, String reason) {
    long from = lowestCovered();
    long next = channels.stream().mapToLong(ChannelTranscript::nextStart).min().orElse(from);
    if (next <= from + tolerance || next > position) {
      return List.of();
    }
    skipTo(next);
    return List.of(new TranscriptWrite.Gap(from, next, reason));
  }

  private void commitUnconfirmed(
      ChannelTranscript channel,
      PositionedHypothesis words,
      long nowMillis,
      List<TranscriptWrite> writes) {
    String segment = channel.segmentOfInterim(words.start());
    Coverage coverage = new Coverage(channel.channel(), channel.covered(), words.end());
    violations.accept(ProtocolViolation.UNCONFIRMED);
    writes.add(
        new TranscriptWrite.Final(
            coverage, speech(channel, words, segment, nowMillis).asUnconfirmed()));
    channel.coverTo(words.end());
  }

  /// The words of the newest interims that no final covers, in order of channel.
  public List<Speech> uncommitted(long nowMillis) {
    List<Speech> uncommitted = new ArrayList<>();
    for (ChannelTranscript channel : channels) {
      channel
          .uncommitted()
          .ifPresent(words ->
              uncommitted.add(
                  speech(channel, words, channel.segmentOfInterim(words.start()), nowMillis)));
    }
    return uncommitted;
  }

  /// The position up to which every channel has words or silence, interims included.
  public long recognizedTo() {
    return channels.stream().mapToLong(ChannelTranscript::recognizedTo).min().orElse(0);
  }

  /// The position below which no channel needs audio.
  public long lowestCovered() {
    return channels.stream().mapToLong(ChannelTranscript::covered).min().orElse(0);
  }

  /// Per channel, the position below which its words are committed.
  public List<Long> coveredPerChannel() {
    return channels.stream().map(ChannelTranscript::covered).toList();
  }

  /// The position below which the channel's words are committed.
  public long covered(int channel) {
    return channels.get(channel).covered();
  }

  /// The audio below this position will not be transcribed on any channel.
  public void skipTo(long position) {
    channels.stream()
        .filter(channel -> channel.covered() < position)
        .forEach(channel -> channel.coverTo(position));
  }

  /// The channel's `covered` in the log differs: continues from there.
  public void resetTo(int channel, long covered) {
    channels.get(channel).resetTo(covered);
  }

  private void writeInterim(
      ChannelTranscript channel,
      PositionedHypothesis positioned,
      long nowMillis,
      List<TranscriptWrite> writes) {
    PositionedHypothesis words = positioned.above(channel.covered());
    if (words.end() <= channel.covered() || words.isEmpty()) {
      return;
    }
    channel.setInterim(words);
    writes.add(
        new TranscriptWrite.Interim(
            speech(channel, words, channel.segmentOfInterim(words.start()), nowMillis)));
  }

  private void commitReady(
      ChannelTranscript channel, long nowMillis, List<TranscriptWrite> writes) {
    Optional<PositionedHypothesis> ready = channel.early().nextUpTo(channel.covered() + tolerance);
    while (ready.isPresent()) {
      commit(channel, ready.get(), nowMillis, writes);
      ready = channel.early().nextUpTo(channel.covered() + tolerance);
    }
  }

  private void commit(
      ChannelTranscript channel,
      PositionedHypothesis positioned,
      long nowMillis,
      List<TranscriptWrite> writes) {
    if (positioned.end() <= channel.covered()) {
      if (!positioned.isEmpty()) {
        violations.accept(ProtocolViolation.REPEATED);
      }
      return;
    }
    if (channel.hasInterimFrom(positioned.end())) {
      violations.accept(ProtocolViolation.LATE);
    }
    PositionedHypothesis words = positioned.above(channel.covered());
    if (words.words().size() < positioned.words().size()) {
      violations.accept(ProtocolViolation.OVERLAPPING);
    }
    if (words.isEmpty()) {
      writes.add(silence(channel, words.end()));
    } else {
      String segment = channel.segmentOfFinal(words.start(), words.end(), tolerance);
      Coverage coverage = new Coverage(channel.channel(), channel.covered(), words.end());
      writes.add(new TranscriptWrite.Final(coverage, speech(channel, words, segment, nowMillis)));
      channel.coverTo(words.end());
    }
    session.dropBelow(lowestCovered());
  }

  private static TranscriptWrite silence(ChannelTranscript channel, long to) {
    Coverage coverage = new Coverage(channel.channel(), channel.covered(), to);
    channel.coverTo(to);
    return new TranscriptWrite.Silence(coverage);
  }

  private Speech speech(
      ChannelTranscript channel, PositionedHypothesis words, String segment, long nowMillis) {
    SessionTimeline.Sent send =
        session.sendOf(words.end(), new SessionTimeline.Sent(words.end(), nowMillis, nowMillis));
    return words.toSpeech(
        format,
        channel.channel(),
        segment,
        recognizer,
        Math.max(0, nowMillis - send.arrivedMillis()),
        Math.max(0, nowMillis - send.sentMillis()));
  }
}
