package io.verbatim.gateway.stage;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/// One call whose words the test writes, in milliseconds of the call.
public final class SpokenCall {

  private static final int LINES_IN_FLIGHT = 500;

  private final Bus bus;
  private final Leases leases;
  private final Grant grant;
  private final String writer;
  private final long[] covered;
  private long tail;
  private long seq;

  SpokenCall(Bus bus, Leases leases, Grant grant, String writer) {
    this.bus = bus;
    this.leases = leases;
    this.grant = grant;
    this.writer = writer;
    this.covered = new long[grant.start().format().channels()];
  }

  public CallId id() {
    return grant.call();
  }

  /// Words that stand; their audio is received first.
  public SpokenCall says(Speech words) {
    receives(words.endMs());
    int channel = words.channel();
    long to = position(words.endMs());
    written(
        bus.transcripts()
            .append(id(), grant.owner(), new Coverage(channel, covered[channel], to), words));
    covered[channel] = to;
    return this;
  }

  /// One second of words behind the last ones.
  public SpokenCall says(String text) {
    long from = grant.start().format().toMillis(covered[0]);
    return says(Words.words("s" + from, from, from + 1000, text));
  }

  /// Many lines of ten milliseconds each behind the last words: `line 0`, `line 1` and so on.
  public SpokenCall saysLines(int count) {
    long from = grant.start().format().toMillis(covered[0]);
    receives(from + count * 10L);
    written(writesLine(from, "line 0")); // Alone, since it loads the script.
    for (int first = 1; first < count; first += LINES_IN_FLIGHT) {
      List<CompletionStage<WriteResult<Long>>> writes =
          IntStream.range(first, Math.min(count, first + LINES_IN_FLIGHT))
              .mapToObj(line -> writesLine(from + line * 10L, "line " + line))
              .toList();
      writes.forEach(SpokenCall::written);
    }
    return this;
  }

  private CompletionStage<WriteResult<Long>> writesLine(long fromMs, String text) {
    Coverage coverage = new Coverage(0, covered[0], position(fromMs + 10));
    covered[0] = coverage.to();
    return bus.transcripts()
        .append(
            id(), grant.owner(), coverage, Words.words("s" + fromMs, fromMs, fromMs + 10, text));
  }

  /// One second of silence behind the last words.
  public SpokenCall isSilent() {
    long from = grant.start().format().toMillis(covered[0]);
    receives(from + 1000);
    long to = position(from + 1000);
    written(bus.transcripts().cover(id(), grant.owner(), new Coverage(0, covered[0], to)));
    covered[0] = to;
    return this;
  }

  public SpokenCall guesses(Speech words) {
    receives(words.endMs());
    written(bus.transcripts().setInterim(id(), grant.owner(), words));
    return this;
  }

  /// Audio up to here that nobody will transcribe.
  public SpokenCall misses(long untilMs, String reason) {
    receives(untilMs);
    long to = position(untilMs);
    written(bus.transcripts().appendGap(id(), grant.owner(), covered[0], to, reason));
    Arrays.fill(covered, to);
    return this;
  }

  public SpokenCall isHeardBy(RecognizerStatus status) {
    written(bus.transcripts().setRecognizer(id(), grant.owner(), status));
    return this;
  }

  public void ends() {
    endsWith(UncoveredTail.unheard("recognizer_unavailable"));
  }

  /// The recogniser never made its last words final.
  public void endsUnconfirmed(Speech words) {
    receives(words.endMs());
    endsWith(new UncoveredTail(List.of(words), tail, "recognizer_unavailable"));
  }

  private void endsWith(UncoveredTail rest) {
    WriteResult<AudioTail> ended = Answers.of(bus.audio().end(id(), writer, tail, tail, "stop"));
    if (!(ended instanceof WriteResult.Written)) {
      throw new AssertionError("the audio's end was refused: " + ended);
    }
    written(bus.transcripts().end(id(), grant.owner(), List.of(), tail, "stop", rest));
    leases.release(grant);
  }

  private void receives(long untilMs) {
    long end = position(untilMs);
    while (tail < end) {
      int bytes = (int) Math.min(end - tail, 32_000);
      AudioAppend audio =
          AudioAppend.whole(
              id(), writer, tail, tail + bytes, seq + 1, new byte[bytes], 1_000 + untilMs);
      WriteResult<AudioTail> outcome = Answers.of(bus.audio().append(audio));
      if (!(outcome instanceof WriteResult.Written(AudioTail stored))) {
        throw new AssertionError("audio was refused: " + outcome);
      }
      tail = stored.tail();
      seq = stored.seq();
    }
  }

  private long position(long millis) {
    AudioFormat format = grant.start().format();
    return millis * format.bytesPerSecond() / 1000;
  }

  private static void written(CompletionStage<WriteResult<Long>> write) {
    WriteResult<Long> outcome = Answers.of(write);
    if (!(outcome instanceof WriteResult.Written)) {
      throw new AssertionError("a write was refused: " + outcome);
    }
  }
}
