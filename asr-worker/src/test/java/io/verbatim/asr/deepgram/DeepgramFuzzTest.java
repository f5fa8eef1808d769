package io.verbatim.asr.deepgram;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.transcript.MissingFinal;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.asr.transcript.TranscriptWrite;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.service.Secret;
import io.verbatim.testkit.fuzz.Assertion;
import java.net.URI;
import java.util.List;

/// Deepgram's messages, and the options that operators set for it.
public class DeepgramFuzzTest {
  private static final int MAX_MESSAGES = 200;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long SENT_BYTES = 16_000L * 60;
  private static final AudioFormat FORMAT = AudioFormat.parse("pcm16/8000/2");

  /// Reads a session's messages, one a line: the words of a call never move backwards and are never
  /// outside the audio that was sent.
  @FuzzTest
  public void messages(byte[] input) {
    new CheckedTranscript().readAll(new String(input, UTF_8));
  }

  /// Reads a close frame: two bytes of code, then the reason.
  @FuzzTest
  public void closes(byte[] input) {
    int code = input.length < 2 ? -1 : ((input[0] & 0xff) << 8) | (input[1] & 0xff);
    String reason =
        new String(input, Math.min(2, input.length), Math.max(0, input.length - 2), UTF_8);
    CloseCause cause = CloseCauses.of(new WebSocketCloseStatus(code, reason, false));
    Assertion.check(cause.toString().length() < 400, "a cause without a bound");
    Assertion.check(
        CloseCauses.of(new IllegalStateException(reason), code % 2 == 0).toString().length() < 400,
        "a cause without a bound");
  }

  /// Reads `DEEPGRAM_OPTIONS` that were accepted as a setting: they result in a valid URL.
  public static void options(String options) {
    DeepgramSettings settings =
        DeepgramSettings.of(URI.create("wss://localhost"), new Secret("key"), "nova-3", options);
    String query = DeepgramQuery.of(settings, new SessionRequest(FORMAT, "en"));
    Assertion.check(
        URI.create("wss://localhost/v1/listen?" + query).getHost() != null, "an invalid URL");
  }

  /// A call's transcript, written from the messages of one session.
  private static final class CheckedTranscript {
    private final DeepgramDecoder decoder = new DeepgramDecoder();
    private final TranscriptAssembler assembler =
        new TranscriptAssembler(FORMAT, List.of(0L, 0L), List.of(), "nova-3", _ -> {});
    private final long[] covered = new long[FORMAT.channels()];

    void readAll(String messages) {
      assembler.sent(SENT_BYTES, 0, 0);
      long now = 0;
      for (String message : messages.split("\n", MAX_MESSAGES)) {
        if (decoder.decode(message) instanceof DeepgramMessage.Results(var hypothesis, _)) {
          assembler.onHypothesis(hypothesis, now, now * NANOS_PER_MILLI).forEach(this::check);
        }
        now += 100;
      }
      abandonMissing(now + 10_000);
      assembler.sessionFinished(now + 10_000).forEach(this::check);
      assembler.uncommitted(now + 10_000).forEach(CheckedTranscript::check);
    }

    /// Simulates three sessions that lost the same finals.
    private void abandonMissing(long now) {
      MissingFinal missing = assembler.missing().findAtEnd();
      while (!(missing instanceof MissingFinal.None)) {
        if (missing instanceof MissingFinal.Abandoned(long to)) {
          assembler.commitUnconfirmedBelow(to, "lost", now).forEach(this::check);
          assembler.skipTo(to);
          skip(to);
          assembler.commitReady(now).forEach(this::check);
        }
        missing = assembler.missing().findAtEnd();
      }
    }

    private void check(TranscriptWrite write) {
      if (write instanceof TranscriptWrite.Step step) {
        check(step.coverage());
      }
      switch (write) {
        case TranscriptWrite.Final(_, Speech speech) -> check(speech);
        case TranscriptWrite.Interim(Speech speech) -> check(speech);
        case TranscriptWrite.Gap(_, long to, _) -> skip(to);
        case TranscriptWrite.Silence _, TranscriptWrite.End _, TranscriptWrite.Status _ -> {}
      }
    }

    private void skip(long to) {
      for (int channel = 0; channel < covered.length; channel++) {
        covered[channel] = Math.max(covered[channel], to);
      }
    }

    private void check(Coverage coverage) {
      Assertion.check(
          coverage.from() == covered[coverage.channel()], "audio is skipped or transcribed twice");
      Assertion.check(coverage.to() > coverage.from(), "covered does not advance");
      Assertion.check(coverage.to() <= SENT_BYTES, "words beyond the audio sent");
      Assertion.check(coverage.to() % FORMAT.bytesPerFrame() == 0, "an end within a sample frame");
      covered[coverage.channel()] = coverage.to();
    }

    private static void check(Speech speech) {
      long sentMillis = FORMAT.toMillis(SENT_BYTES);
      Assertion.check(
          speech.startMs() >= 0 && speech.endMs() <= sentMillis, "words outside the audio");
      Assertion.check(
          speech.confidence() >= 0 && speech.confidence() <= 1, "a confidence outside 0 to 1");
      for (Speech.Word word : speech.words()) {
        Assertion.check(
            word.startMs() >= 0 && word.endMs() <= sentMillis, "a word outside the audio");
        Assertion.check(word.startMs() <= word.endMs(), "a word that ends before its start");
      }
    }
  }
}
