package io.verbatim.gateway.recordings;

import io.verbatim.batch.job.TranscriptionResult;
import io.verbatim.batch.transcript.SpokenWord;
import io.verbatim.batch.transcript.Transcription;
import io.verbatim.batch.transcript.Utterance;
import io.verbatim.gateway.export.TranscriptExport;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The transcript of a recording in the formats that live calls have: as that of a call that ended
/// and is transcribed completely.
final class RecordingDocument {

  private static final AudioFormat FORMAT = new AudioFormat(AudioFormat.Encoding.PCM16, 16_000, 1);

  private RecordingDocument() {}

  /// @param id of the recording
  /// @param received when the upload was complete
  static String write(
      TranscriptFormat format,
      String id,
      String tenant,
      Instant received,
      TranscriptionResult result) {
    Transcription transcription = result.transcription();
    long lengthMs = transcription.length().toMillis();
    long bytes = FORMAT.toBytes(transcription.length());
    CallStart start =
        new CallStart(
            new CallId("recording-" + id),
            tenant,
            CallStart.Source.PCM,
            FORMAT,
            null,
            null,
            result.options().language(),
            received);
    List<TranscriptEntry> entries = entries(transcription, lengthMs);
    CallRecord call =
        new CallRecord(
            start,
            CallRecord.State.ENDED,
            received,
            Optional.of("stop"),
            true,
            new RecognizerStatus(
                RecognizerStatus.State.CONNECTED, transcription.model(), /* reason= */ ""),
            entries.size() - 1L,
            bytes,
            0,
            bytes,
            bytes,
            0,
            0,
            0,
            1);
    return TranscriptExport.write(format, call, entries, /* fullNumbers= */ false);
  }

  private static List<TranscriptEntry> entries(Transcription transcription, long lengthMs) {
    List<TranscriptEntry> entries = new ArrayList<>();
    for (Utterance utterance : transcription.utterances()) {
      long seq = entries.size() + 1L;
      Speech speech = speech("s" + seq, utterance, transcription);
      entries.add(new TranscriptEntry.Final(seq + "-0", Link.NONE, seq, speech));
    }
    String end = entries.size() + 1 + "-0";
    entries.add(new TranscriptEntry.Ended(end, Link.NONE, "stop", lengthMs, /* complete= */ true));
    return entries;
  }

  private static Speech speech(String segment, Utterance utterance, Transcription transcription) {
    return new Speech(
        segment,
        utterance.startMs(),
        utterance.endMs(),
        utterance.text(),
        utterance.confidence(),
        utterance.speaker(),
        /* channel= */ 0,
        transcription.language(),
        utterance.words().stream().map(RecordingDocument::word).toList(),
        transcription.model(),
        /* latencyMs= */ 0,
        /* recognizerMs= */ 0,
        /* unconfirmed= */ false);
  }

  private static Speech.Word word(SpokenWord word) {
    return new Speech.Word(word.text(), word.startMs(), word.endMs(), word.confidence());
  }
}
