package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.transcript.TranscriptStep.Noticed;
import io.verbatim.asr.transcript.TranscriptStep.Oddity;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Makes one call's transcript out of what its recogniser sessions say, whatever they are: late,
/// double, early or overlapping.
///
/// What it keeps is always true on its own: each step moves a channel's `covered` from where the
/// step before left it, so that no word is taken twice and no audio is skipped unseen. Whoever uses
/// it carries the steps out in order. Not thread-safe.
public final class TranscriptAssembler {
  /// How long an early final waits for the one before it.
  public static final Duration EARLY_PATIENCE = Duration.ofSeconds(2);

  private static final Duration EARLY_TOLERANCE = Duration.ofMillis(20);

  private final AudioFormat format;
  private final String recognizer;
  private final long tolerance;
  private final List<ChannelTranscript> channels;
  private SessionTimeline session;

  /// @param covered per channel, the position below which every word has been written
  /// @param interims what is shown as being said, each once per channel at most
  /// @param recognizer who hears, as the transcript names it
  public TranscriptAssembler(
      AudioFormat format, List<Long> covered, List<Speech> interims, String recognizer) {
    this.format = format;
    this.recognizer = recognizer;
    this.tolerance = format.toBytes(EARLY_TOLERANCE);
    this.channels =
        IntStream.range(0, format.channels())
            .mapToObj(channel -> new ChannelTranscript(channel, covered.get(channel)))
            .toList();
    interims.stream()
        .filter(shown -> shown.channel() < channels.size())
        .forEach(shown ->
            channels
                .get(shown.channel())
                .goesOnWith(shown.segment(), PlacedHypothesis.of(shown, format)));
    this.session = new SessionTimeline(format, lowestCovered());
  }

  /// A new recogniser session hears the call from this position on; what the one before left
  /// waiting will be said again.
  public void sessionBegins(long position) {
    session = new SessionTimeline(format, position);
    channels.forEach(ChannelTranscript::forgetEarly);
  }

  /// The session has been sent audio up to `end`, whose last byte came to ingest and left for the
  /// recogniser at these moments, in epoch milliseconds.
  public void sent(long end, long arrivedMillis, long sentMillis) {
    session.sent(end, arrivedMillis, sentMillis);
  }

  /// What the session says becomes what the transcript says.
  public List<TranscriptStep> hear(Hypothesis heard, long nowMillis) {
    if (heard.channel() >= channels.size()) {
      return List.of(new Noticed(Oddity.NO_SUCH_CHANNEL));
    }
    ChannelTranscript channel = channels.get(heard.channel());
    PlacedHypothesis placed = PlacedHypothesis.of(heard, session, nowMillis);
    List<TranscriptStep> steps = new ArrayList<>();
    if (!heard.isFinal()) {
      show(channel, placed, nowMillis, steps);
    } else if (placed.start() > channel.covered() + tolerance) {
      steps.add(new Noticed(Oddity.EARLY_HELD));
      channel.hold(placed);
      takeOverdue(channel, nowMillis, steps);
    } else {
      take(channel, placed, nowMillis, steps);
      takeReady(channel, nowMillis, steps);
    }
    return steps;
  }

  /// Takes the early finals that have waited long enough.
  public List<TranscriptStep> passTime(long nowMillis) {
    List<TranscriptStep> steps = new ArrayList<>();
    channels.forEach(channel -> takeOverdue(channel, nowMillis, steps));
    return steps;
  }

  /// Whether an early final waits, so that time must be passed on.
  public boolean isWaiting() {
    return channels.stream().anyMatch(ChannelTranscript::isWaiting);
  }

  /// The session has said all there is to say about what it was sent. Words it only ever guessed
  /// stay, as unconfirmed ones.
  public List<TranscriptStep> sessionFinished(long nowMillis) {
    List<TranscriptStep> steps = new ArrayList<>();
    for (ChannelTranscript channel : channels) {
      for (PlacedHypothesis early : channel.drainEarly()) {
        take(channel, early, nowMillis, steps);
      }
      channel.unfinished().ifPresent(said -> keep(channel, said, nowMillis, steps));
      if (channel.covered() < session.sentEnd()) {
        steps.add(silence(channel, session.sentEnd()));
      }
    }
    return steps;
  }

  /// No final will come any more for what lies below this position: the newest guesses stand for
  /// it, as unconfirmed words.
  public List<TranscriptStep> giveUpBelow(long position, long nowMillis) {
    List<TranscriptStep> steps = new ArrayList<>();
    channels.forEach(channel -> giveUpBelow(channel, position, nowMillis, steps));
    return steps;
  }

  private void giveUpBelow(
      ChannelTranscript channel, long position, long nowMillis, List<TranscriptStep> steps) {
    channel
        .unfinished()
        .filter(said -> said.start() < position)
        .map(said -> said.below(position))
        .filter(said -> !said.isEmpty())
        .ifPresent(said -> keep(channel, said, nowMillis, steps));
  }

  private void keep(
      ChannelTranscript channel,
      PlacedHypothesis said,
      long nowMillis,
      List<TranscriptStep> steps) {
    String segment = channel.segmentOfInterim(said.start());
    Coverage coverage = new Coverage(channel.channel(), channel.covered(), said.end());
    steps.add(new Noticed(Oddity.UNCONFIRMED));
    steps.add(
        new TranscriptStep.Final(
            coverage, speech(channel, said, segment, nowMillis).asUnconfirmed()));
    channel.coverTo(said.end());
  }

  /// The words of the newest interims that no final has, in order of channel.
  public List<Speech> unfinished(long nowMillis) {
    List<Speech> rest = new ArrayList<>();
    for (ChannelTranscript channel : channels) {
      channel
          .unfinished()
          .ifPresent(said ->
              rest.add(speech(channel, said, channel.segmentOfInterim(said.start()), nowMillis)));
    }
    return rest;
  }

  /// Below this every channel was heard, be it only by its newest interim.
  public long heardTo() {
    return channels.stream().mapToLong(ChannelTranscript::heardTo).min().orElse(0);
  }

  /// Below this no channel needs audio.
  public long lowestCovered() {
    return channels.stream().mapToLong(ChannelTranscript::covered).min().orElse(0);
  }

  /// Per channel, below which position its words stand.
  public List<Long> coveredPerChannel() {
    return channels.stream().map(ChannelTranscript::covered).toList();
  }

  /// Below this the channel's words stand.
  public long covered(int channel) {
    return channels.get(channel).covered();
  }

  /// Nobody will hear the audio below this position on any channel.
  public void skipTo(long position) {
    channels.stream()
        .filter(channel -> channel.covered() < position)
        .forEach(channel -> channel.coverTo(position));
  }

  /// The log knows better how far the channel's words stand.
  public void resetTo(int channel, long covered) {
    channels.get(channel).resetTo(covered);
  }

  private void show(
      ChannelTranscript channel,
      PlacedHypothesis placed,
      long nowMillis,
      List<TranscriptStep> steps) {
    PlacedHypothesis said = placed.above(channel.covered());
    if (said.end() <= channel.covered() || said.isEmpty()) {
      return;
    }
    channel.says(said);
    steps.add(
        new TranscriptStep.Interim(
            speech(channel, said, channel.segmentOfInterim(said.start()), nowMillis)));
  }

  private void takeOverdue(ChannelTranscript channel, long nowMillis, List<TranscriptStep> steps) {
    long since = nowMillis - EARLY_PATIENCE.toMillis();
    Optional<PlacedHypothesis> overdue = channel.nextOverdue(since);
    while (overdue.isPresent()) {
      steps.add(new Noticed(Oddity.EARLY_TAKEN));
      giveUpBelow(channel, overdue.get().start(), nowMillis, steps);
      take(channel, overdue.get(), nowMillis, steps);
      takeReady(channel, nowMillis, steps);
      overdue = channel.nextOverdue(since);
    }
  }

  /// Takes the early finals whose turn has come.
  private void takeReady(ChannelTranscript channel, long nowMillis, List<TranscriptStep> steps) {
    Optional<PlacedHypothesis> ready = channel.nextEarlyUpTo(channel.covered() + tolerance);
    while (ready.isPresent()) {
      take(channel, ready.get(), nowMillis, steps);
      ready = channel.nextEarlyUpTo(channel.covered() + tolerance);
    }
  }

  private void take(
      ChannelTranscript channel,
      PlacedHypothesis placed,
      long nowMillis,
      List<TranscriptStep> steps) {
    if (placed.end() <= channel.covered()) {
      if (!placed.isEmpty()) {
        steps.add(new Noticed(Oddity.REPEATED));
      }
      return;
    }
    if (channel.showsFrom(placed.end())) {
      steps.add(new Noticed(Oddity.LATE));
    }
    PlacedHypothesis said = placed.above(channel.covered());
    if (said.words().size() < placed.words().size()) {
      steps.add(new Noticed(Oddity.OVERLAPPING));
    }
    if (said.isEmpty()) {
      steps.add(silence(channel, said.end()));
      return;
    }
    String segment = channel.segmentOfFinal(said.start(), said.end(), tolerance);
    Coverage coverage = new Coverage(channel.channel(), channel.covered(), said.end());
    steps.add(new TranscriptStep.Final(coverage, speech(channel, said, segment, nowMillis)));
    channel.coverTo(said.end());
    session.forgetBelow(lowestCovered());
  }

  private static TranscriptStep silence(ChannelTranscript channel, long to) {
    Coverage coverage = new Coverage(channel.channel(), channel.covered(), to);
    channel.coverTo(to);
    return new TranscriptStep.Silence(coverage);
  }

  private Speech speech(
      ChannelTranscript channel, PlacedHypothesis said, String segment, long nowMillis) {
    SessionTimeline.Sent carrier =
        session.carrierOf(said.end(), new SessionTimeline.Sent(said.end(), nowMillis, nowMillis));
    return said.toSpeech(
        format,
        channel.channel(),
        segment,
        recognizer,
        Math.max(0, nowMillis - carrier.arrivedMillis()),
        Math.max(0, nowMillis - carrier.sentMillis()));
  }
}
