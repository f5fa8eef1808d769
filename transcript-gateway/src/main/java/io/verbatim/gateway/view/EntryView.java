package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The data of the events in the stream of one call.
public sealed interface EntryView {

  String callId();

  /// Words: a final if `seq` is set, else an interim that replaces the segment's last one.
  record Words(
      String callId,
      String segment,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long seq,
      long startMs,
      long endMs,
      String text,
      double confidence,
      @Nullable Integer speaker,
      int channel,
      @Nullable String language,
      List<Speech.Word> words,
      String recognizer,
      long latencyMs,
      long recognizerMs,
      boolean unconfirmed)
      implements EntryView {

    public Words {
      words = List.copyOf(words);
    }
  }

  /// Audio that will not be transcribed.
  ///
  /// @param reason the code of the reason
  /// @param text the length and the reason for people
  record Gap(String callId, long startMs, long endMs, String reason, String text)
      implements EntryView {}

  /// The recogniser's state.
  ///
  /// @param recognizer the state
  /// @param name the recogniser's name
  record Status(String callId, String recognizer, String reason, String name)
      implements EntryView {}

  /// The end of a transcript.
  record Ended(String callId, String reason, long durationMs, boolean complete)
      implements EntryView {}

  static EntryView of(CallId call, TranscriptEntry entry) {
    return switch (entry) {
      case TranscriptEntry.Final(_, _, long seq, Speech speech, _) -> words(call, seq, speech);
      case TranscriptEntry.Gap gap ->
          new Gap(call.value(), gap.startMs(), gap.endMs(), gap.reason(), GapDescription.of(gap));
      case TranscriptEntry.Ended(_, _, String reason, long durationMs, boolean complete) ->
          new Ended(call.value(), reason, durationMs, complete);
    };
  }

  static Words interim(CallId call, Speech speech) {
    return words(call, null, speech);
  }

  static Status status(CallId call, RecognizerStatus status) {
    return new Status(
        call.value(),
        /* recognizer= */ status.state().wireName(),
        status.reason(),
        /* name= */ status.recognizer());
  }

  private static Words words(CallId call, @Nullable Long seq, Speech speech) {
    return new Words(
        call.value(),
        speech.segment(),
        seq,
        speech.startMs(),
        speech.endMs(),
        speech.text(),
        speech.confidence(),
        speech.speaker(),
        speech.channel(),
        speech.language(),
        speech.words(),
        speech.recognizer(),
        speech.latencyMs(),
        speech.recognizerMs(),
        speech.unconfirmed());
  }
}
