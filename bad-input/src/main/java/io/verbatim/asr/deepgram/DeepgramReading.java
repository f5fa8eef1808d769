package io.verbatim.asr.deepgram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.transcript.MissingFinal;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.asr.transcript.TranscriptWrite;
import io.verbatim.fuzz.Claim;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import java.net.URI;
import java.util.List;

/// What Deepgram sends, and what operators would have it asked.
public final class DeepgramReading {
  private static final int MOST_MESSAGES = 200;
  private static final long NANOS = 1_000_000;
  private static final long SENT_BYTES = 16_000L * 60;
  private static final AudioFormat FORMAT = AudioFormat.parse("pcm16/8000/2");

  private final DeepgramDecoder decoder = new DeepgramDecoder();
  private final TranscriptAssembler assembler =
      new TranscriptAssembler(FORMAT, List.of(0L, 0L), List.of(), "nova-3", _ -> {});
  private final long[] covered = new long[FORMAT.channels()];

  private DeepgramReading() {}

  /// Reads a session's messages, a line each: the words of a call never go back, and never lie
  /// outside of the audio that was sent.
  public static void messages(byte[] input) {
    new DeepgramReading().readAll(new String(input, UTF_8));
  }

  private void readAll(String messages) {
    assembler.sent(SENT_BYTES, 0, 0);
    long now = 0;
    for (String message : messages.split("\n", MOST_MESSAGES)) {
      if (decoder.decode(message) instanceof DeepgramMessage.Results(var hypothesis, _)) {
        assembler.onHypothesis(hypothesis, now, now * NANOS).forEach(this::check);
      }
      now += 100;
    }
    giveUpMissing(now + 10_000);
    assembler.sessionFinished(now + 10_000).forEach(this::check);
    assembler.uncommitted(now + 10_000).forEach(DeepgramReading::check);
  }

  /// As after three sessions that lost the same finals.
  private void giveUpMissing(long now) {
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
    Claim.that(coverage.from() == covered[coverage.channel()], "audio is skipped or said twice");
    Claim.that(coverage.to() > coverage.from(), "a channel goes back");
    Claim.that(coverage.to() <= SENT_BYTES, "words for audio nobody sent");
    Claim.that(coverage.to() % FORMAT.bytesPerFrame() == 0, "half a sample frame");
    covered[coverage.channel()] = coverage.to();
  }

  private static void check(Speech speech) {
    long most = FORMAT.toMillis(SENT_BYTES);
    Claim.that(speech.startMs() >= 0 && speech.endMs() <= most, "words outside of the audio");
    Claim.that(speech.confidence() >= 0 && speech.confidence() <= 1, "no confidence at all");
    for (Speech.Word word : speech.words()) {
      Claim.that(word.startMs() >= 0 && word.endMs() <= most, "a word outside of the audio");
      Claim.that(word.startMs() <= word.endMs(), "a word that ends before it begins");
    }
  }

  /// Reads a close: two bytes of code, then the reason.
  public static void closes(byte[] input) {
    int code = input.length < 2 ? -1 : ((input[0] & 0xff) << 8) | (input[1] & 0xff);
    String reason =
        new String(input, Math.min(2, input.length), Math.max(0, input.length - 2), UTF_8);
    CloseCause cause = CloseCauses.of(new WebSocketCloseStatus(code, reason, false));
    Claim.that(cause.toString().length() < 400, "a cause without a bound");
    Claim.that(
        CloseCauses.of(new IllegalStateException(reason), code % 2 == 0).toString().length() < 400,
        "a cause without a bound");
  }

  /// Reads `DEEPGRAM_OPTIONS` that have passed as a setting: they make a URL.
  public static void options(String options) {
    DeepgramSettings settings =
        DeepgramSettings.of(URI.create("wss://localhost"), new ApiKey("key"), "nova-3", options);
    String query = DeepgramQuery.of(settings, new SessionRequest(FORMAT, "en"));
    Claim.that(URI.create("wss://localhost/v1/listen?" + query).getHost() != null, "no URL");
  }
}
