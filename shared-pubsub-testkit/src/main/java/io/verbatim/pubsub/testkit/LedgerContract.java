package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.TranscriptEntry.Gap;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever happens to a call's audio, in whatever order: its account adds up, in bytes and to the
/// millisecond, and says the same as the gaps of its transcript.
abstract class LedgerContract {
  private static final int STEPS = 60;

  private final BusContract stage;

  LedgerContract(BusContract stage) {
    this.stage = stage;
  }

  /// The seed decides what happens; a rate that no millisecond divides makes every rounding show.
  @ParameterizedTest
  @CsvSource({
    "1, pcm16/8000/1",
    "2, pcm16/8000/2",
    "3, mulaw/11025/1",
    "4, pcm16/11025/2",
    "5, alaw/8000/2",
    "6, pcm16/48000/1"
  })
  void ledger_addsUpAtEveryMoment_andEqualsTheGaps(long seed, String format) {
    AnyCall call = new AnyCall(new Random(seed), AudioFormat.parse(format));
    for (int step = 0; step < STEPS; step++) {
      call.goesOn();
      call.checkLedger();
    }
    call.ends();
    call.checkLedger();
    call.checkEnd();
  }

  @Test
  void whatOwnersHaveSent_isTheSumOfWhatEachOfThemNotedLast() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1")).says(960);
    Worker first = stage.closing(Worker.on(bus, 1));
    Owner before = first.takes();
    before.hasSent(320);
    before.hasSent(960);
    before.hasSent(960);
    assertThat(sentBytes(before)).isEqualTo(960);

    first.handsOver();
    Owner after = stage.closing(Worker.on(bus, 1)).takes();
    assertThat(sentBytes(after)).as("of the one before").isEqualTo(960);
    assertThat(after.hasSent(640)).isEqualTo(new WriteResult.Written<>(0L));
    assertThat(before.hasSent(6400)).isEqualTo(new WriteResult.Fenced<>());
    assertThat(sentBytes(after)).isEqualTo(1600);

    after.ends(960);
    assertThat(sentBytes(after)).as("of a call that has ended").isEqualTo(1600);
  }

  private static long sentBytes(Owner owner) {
    return Answers.of(owner.bus().calls().find(owner.call())).orElseThrow().sentBytes();
  }

  /// A call to which anything may happen, and what its account must therefore be.
  private final class AnyCall {
    private final Random random;
    private final AudioFormat format;
    private final Bus bus = stage.bus();
    private final Caller caller;
    private final Worker worker;
    private final long[] covered;
    private Owner owner;
    private long received;
    private long lost;
    private long sentBefore;
    private long sent;
    private long gap;
    private long unconfirmed;

    AnyCall(Random random, AudioFormat format) {
      this.random = random;
      this.format = format;
      CallStart start = Samples.start("call-1", "acme", format);
      caller = Caller.opens(bus, start);
      worker = stage.closing(Worker.on(bus, 1));
      owner = worker.takes();
      covered = new long[format.channels()];
    }

    void goesOn() {
      int channel = random.nextInt(format.channels());
      switch (random.nextInt(8)) {
        case 0 -> hears(0);
        case 1 -> hears(frames(900));
        case 2 -> says(channel, false);
        case 3 -> says(channel, random.nextInt(4) == 0);
        case 4 -> silent(channel);
        case 5 -> sends();
        case 6 -> changesHands();
        default -> misses();
      }
    }

    private long frames(int most) {
      return (1L + random.nextInt(most)) * format.bytesPerFrame();
    }

    private void hears(long missing) {
      int bytes = (int) frames(900);
      caller.losesThenSays((int) missing, bytes);
      received += missing + bytes;
      lost += missing;
    }

    /// Replays are sent too, so there is no bound to it; a total may also be noted twice.
    private void sends() {
      sent += random.nextBoolean() ? frames(900) : 0;
      written(owner.hasSent(sent));
    }

    private void changesHands() {
      Owner before = owner;
      worker.reconsiders(owner);
      owner = worker.takes();
      sentBefore += sent;
      sent = 0;
      assertThat(before.hasSent(frames(900))).isEqualTo(new WriteResult.Fenced<>());
    }

    private void says(int channel, boolean guessed) {
      long to = somewhereAbove(covered[channel]);
      if (to > covered[channel]) {
        Speech words = Samples.speech("s" + to, channel, "words");
        written(
            Answers.of(
                bus.transcripts()
                    .append(
                        owner.call(),
                        owner.grant().owner(),
                        new Coverage(channel, covered[channel], to),
                        guessed ? words.asUnconfirmed() : words)));
        unconfirmed += guessed ? 1 : 0;
        covered[channel] = to;
      }
    }

    private void silent(int channel) {
      long to = somewhereAbove(covered[channel]);
      written(owner.covers(channel, covered[channel], to));
      covered[channel] = to;
    }

    private void misses() {
      long from = lowestCovered();
      long to = somewhereAbove(from);
      if (to > from) {
        written(owner.gap(from, to, "lost"));
        gap += to - from;
        Arrays.setAll(covered, channel -> Math.max(covered[channel], to));
      }
    }

    void ends() {
      long missing = random.nextBoolean() ? frames(300) : 0;
      caller.end(received + missing, "stop");
      received += missing;
      lost += missing;
      long low = lowestCovered();
      boolean guessed = random.nextBoolean() && low < received;
      long heardTo = guessed ? somewhereAbove(low) : low;
      List<Speech> words = guessed ? List.of(Samples.speech("last", 0, "guess")) : List.of();
      written(owner.ends(received, new UncoveredTail(words, heardTo, "unfinished")));
      unconfirmed += words.size();
      gap += received - heardTo;
      Arrays.fill(covered, received);
    }

    private long somewhereAbove(long position) {
      long room = (received - position) / format.bytesPerFrame();
      return position + random.nextLong(room + 1) * format.bytesPerFrame();
    }

    private long lowestCovered() {
      return Arrays.stream(covered).min().orElseThrow();
    }

    private void written(WriteResult<Long> outcome) {
      assertThat(outcome).isInstanceOf(WriteResult.Written.class);
    }

    private CallRecord record() {
      return Answers.of(bus.calls().find(owner.call())).orElseThrow();
    }

    void checkLedger() {
      CallRecord record = record();
      assertThat(record.receivedBytes()).as("received").isEqualTo(received);
      assertThat(record.lostBytes()).as("lost").isEqualTo(lost);
      assertThat(record.storedMs()).as("stored").isEqualTo(format.toMillis(received - lost));
      assertThat(record.sentBytes()).as("sent").isEqualTo(sentBefore + sent);
      assertThat(record.sentMs()).as("sent").isEqualTo(format.toMillis(sentBefore + sent));
      assertThat(record.gapBytes()).as("gap").isEqualTo(gap);
      assertThat(record.pendingBytes()).as("pending").isEqualTo(received - lowestCovered());
      assertThat(record.transcribedBytes()).as("transcribed").isEqualTo(lowestCovered() - gap);
      assertThat(record.transcribedMs() + record.gapMs() + record.pendingMs())
          .as("milliseconds")
          .isEqualTo(record.receivedMs());
      assertThat(List.of(record.transcribedMs(), record.gapMs(), record.pendingMs()))
          .allMatch(millis -> millis >= 0);
      assertThat(record.gapMs()).as("what the gaps sum to").isEqualTo(gapsOfTheTranscript());
      assertThat(record.unconfirmed()).as("unconfirmed").isEqualTo(unconfirmed);
    }

    private long gapsOfTheTranscript() {
      List<TranscriptEntry> entries =
          Answers.of(bus.transcripts().read(owner.call(), TranscriptLog.START, 1000));
      return entries.stream()
          .filter(Gap.class::isInstance)
          .map(Gap.class::cast)
          .mapToLong(entry -> entry.endMs() - entry.startMs())
          .sum();
    }

    void checkEnd() {
      assertThat(record().pendingBytes()).isZero();
      assertThat(record().complete()).isEqualTo(gap == 0 && unconfirmed == 0);
    }
  }
}
