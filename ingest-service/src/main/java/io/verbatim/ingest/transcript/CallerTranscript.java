package io.verbatim.ingest.transcript;

import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The transcript of a connection's call for its caller, up to the last words, which arrive after
/// the call's audio has ended. The wait for them is bounded. Confined to the event loop.
public final class CallerTranscript {
  private static final Problem LATE =
      new Problem(
          "transcript_timeout",
          "The last words did not arrive within TRANSCRIPT_TIMEOUT. All audio is stored: read the"
              + " rest of the transcript from the gateway.");

  private final CallConnection connection;
  private final Function<TranscriptMessage, String> encoder;
  private final Runnable finished;
  private final Consumer<Problem> reports;
  private final CallTranscript transcript;
  private boolean audioEnded;
  private boolean ended;
  private long audioEndedAt;

  /// @param encoder encodes a message for the caller
  /// @param finished runs once, when the audio and the transcript have ended, or the wait is over
  /// @param reports reports a problem to the caller
  public CallerTranscript(
      CallConnection connection,
      CallId call,
      Function<TranscriptMessage, String> encoder,
      Runnable finished,
      Consumer<Problem> reports) {
    this.connection = connection;
    this.encoder = encoder;
    this.finished = finished;
    this.reports = reports;
    transcript =
        new CallTranscript(
            call,
            connection.context().transcripts(),
            connection.context().metrics(),
            new Messages());
  }

  /// Starts to send.
  ///
  /// @param after the id of the last entry that the caller has; empty to begin with the first
  public void open(Optional<String> after) {
    transcript.open(after);
  }

  /// The call's audio and its end are stored.
  public void audioEnded() {
    audioEnded = true;
    audioEndedAt = connection.context().nanos().getAsLong();
    finishIfEnded();
  }

  /// Whether only the last words are still on their way.
  public boolean isFinishing() {
    return audioEnded && !ended;
  }

  /// Continues after failures and slow reads, and checks the timeout. Called several times a
  /// second.
  public void tick(long now) {
    transcript.tick(now);
    long limit = connection.context().timeouts().transcript().toNanos();
    if (isFinishing() && now - audioEndedAt >= limit) {
      connection.context().metrics().transcriptLate();
      reports.accept(LATE);
      ended = true;
      finishIfEnded();
    }
  }

  private void finishIfEnded() {
    if (audioEnded && ended) {
      transcript.close();
      finished.run();
    }
  }

  public void close() {
    transcript.close();
  }

  private final class Messages implements CallTranscript.Listener {
    @Override
    public boolean hasRoom() {
      return connection.hasRoom();
    }

    @Override
    public void send(TranscriptMessage message) {
      connection.send(encoder.apply(message));
      if (message instanceof TranscriptMessage.Entry(TranscriptEntry.Ended _)) {
        ended = true;
        finishIfEnded();
      }
    }
  }
}
