package io.verbatim.pubsub.contract;

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

/// The contract of the ledger: after any sequence of operations it adds up, in bytes and in
/// milliseconds, and equals the gaps of the transcript.
abstract class LedgerContract {
  private static final int STEPS = 60;

  private final BusContract contract;

  LedgerContract(BusContract contract) {
    this.contract = contract;
  }

  /// The seed determines the operations. A sample rate that is not a multiple of 1,000 exposes
  /// rounding errors.
  @ParameterizedTest
  @CsvSource({
    "1, pcm16/8000/1",
    "2, pcm16/8000/2",
    "3, mulaw/11025/1",
    "4, pcm16/11025/2",
    "5, alaw/8000/2",
    "6, pcm16/48000/1"
  })
  void randomOperations_ledgerAddsUpAndEqualsGaps(long seed, String format) {
    RandomCall call = new RandomCall(new Random(seed), AudioFormat.parse(format));
    for (int i = 0; i < STEPS; i++) {
      call.step();
      call.checkLedger();
    }
    call.end();
    call.checkLedger();
    call.checkEnd();
  }

  @Test
  void sentBytes_isSumOfLastTotalOfEachOwner() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(960);
    Worker first = contract.closing(Worker.on(bus, 1));
    Owner before = first.awaitGrant();
    before.recordSent(320);
    before.recordSent(960);
    before.recordSent(960);
    assertThat(sentBytes(before)).isEqualTo(960);

    first.handOver();
    Owner after = contract.closing(Worker.on(bus, 1)).awaitGrant();
    assertThat(sentBytes(after)).as("sent by the previous owner").isEqualTo(960);
    assertThat(after.recordSent(640)).isEqualTo(new WriteResult.Written<>(0L));
    assertThat(before.recordSent(6400)).isEqualTo(new WriteResult.Fenced<>());
    assertThat(sentBytes(after)).isEqualTo(1600);

    after.end(960);
    assertThat(sentBytes(after)).as("sent bytes of an ended call").isEqualTo(1600);
  }

  private static long sentBytes(Owner owner) {
    return Answers.of(owner.bus().calls().find(owner.call())).orElseThrow().sentBytes();
  }

  /// A call with random operations, and its expected ledger.
  private final class RandomCall {
    private final Random random;
    private final AudioFormat format;
    private final Bus bus = contract.bus();
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

    RandomCall(Random random, AudioFormat format) {
      this.random = random;
      this.format = format;
      CallStart start = Samples.start("call-1", "acme", format);
      caller = Caller.openNew(bus, start);
      worker = contract.closing(Worker.on(bus, 1));
      owner = worker.awaitGrant();
      covered = new long[format.channels()];
    }

    void step() {
      int channel = random.nextInt(format.channels());
      switch (random.nextInt(8)) {
        case 0 -> receiveAudio(0);
        case 1 -> receiveAudio(frames(900));
        case 2 -> writeFinal(channel, false);
        case 3 -> writeFinal(channel, random.nextInt(4) == 0);
        case 4 -> coverSilence(channel);
        case 5 -> recordSent();
        case 6 -> changeOwner();
        default -> writeGap();
      }
    }

    private long frames(int max) {
      return (1L + random.nextInt(max)) * format.bytesPerFrame();
    }

    private void receiveAudio(long droppedBytes) {
      int bytes = (int) frames(900);
      caller.storeAfterLoss((int) droppedBytes, bytes);
      received += droppedBytes + bytes;
      lost += droppedBytes;
    }

    /// Replays count too, so the total has no bound; the same total may be recorded twice.
    private void recordSent() {
      sent += random.nextBoolean() ? frames(900) : 0;
      assertWritten(owner.recordSent(sent));
    }

    private void changeOwner() {
      Owner before = owner;
      worker.revalidate(owner);
      owner = worker.awaitGrant();
      sentBefore += sent;
      sent = 0;
      assertThat(before.recordSent(frames(900))).isEqualTo(new WriteResult.Fenced<>());
    }

    private void writeFinal(int channel, boolean unconfirmedWords) {
      long to = randomAbove(covered[channel]);
      if (to > covered[channel]) {
        Speech words = Samples.speech("s" + to, channel, "words");
        assertWritten(
            Answers.of(
                bus.transcripts()
                    .append(
                        owner.call(),
                        owner.grant().owner(),
                        new Coverage(channel, covered[channel], to),
                        unconfirmedWords ? words.asUnconfirmed() : words)));
        unconfirmed += unconfirmedWords ? 1 : 0;
        covered[channel] = to;
      }
    }

    private void coverSilence(int channel) {
      long to = randomAbove(covered[channel]);
      assertWritten(owner.cover(channel, covered[channel], to));
      covered[channel] = to;
    }

    private void writeGap() {
      long from = lowestCovered();
      long to = randomAbove(from);
      if (to > from) {
        assertWritten(owner.appendGap(from, to, "lost"));
        gap += to - from;
        Arrays.setAll(covered, channel -> Math.max(covered[channel], to));
      }
    }

    void end() {
      long droppedBytes = random.nextBoolean() ? frames(300) : 0;
      caller.end(received + droppedBytes, "stop");
      received += droppedBytes;
      lost += droppedBytes;
      long low = lowestCovered();
      boolean unconfirmedWords = random.nextBoolean() && low < received;
      long unconfirmedTo = unconfirmedWords ? randomAbove(low) : low;
      List<Speech> words =
          unconfirmedWords ? List.of(Samples.speech("last", 0, "last words")) : List.of();
      assertWritten(owner.end(received, new UncoveredTail(words, unconfirmedTo, "unfinished")));
      unconfirmed += words.size();
      gap += received - unconfirmedTo;
      Arrays.fill(covered, received);
    }

    private long randomAbove(long position) {
      long room = (received - position) / format.bytesPerFrame();
      return position + random.nextLong(room + 1) * format.bytesPerFrame();
    }

    private long lowestCovered() {
      return Arrays.stream(covered).min().orElseThrow();
    }

    private void assertWritten(WriteResult<Long> outcome) {
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
      assertThat(record.gapMs()).as("sum of the gaps").isEqualTo(gapsOfTheTranscript());
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
