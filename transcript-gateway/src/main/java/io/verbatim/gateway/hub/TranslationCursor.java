package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.EntryId;
import org.jspecify.annotations.Nullable;

/// One subscriber's position in the translations of a call. A translation is sent after its final,
/// and none before the history of the call was sent.
///
/// The ids that it sends name the last entry and the last translation that the client was sent,
/// `<entry>~<final of the translation>`, so that a client resumes both. Finals keep their own ids;
/// an id without an event follows them.
final class TranslationCursor extends Source {

  private final CallTranslations translations;
  private final FeedCursor transcript;
  private final Subscriber subscriber;
  private @Nullable Position sent;
  private EntryId sentId = EntryId.START;
  private int next;
  private int generation;
  private int sentStatus;
  private String writtenId = "";
  private boolean closed;

  /// @param after the final of the last translation that the client was sent; null for none
  TranslationCursor(
      CallTranslations translations,
      FeedCursor transcript,
      Subscriber subscriber,
      @Nullable Position after) {
    this.translations = translations;
    this.transcript = transcript;
    this.subscriber = subscriber;
    this.generation = translations.generation();
    if (after != null) {
      sent = after;
      sentId = EntryId.parse(after.id());
    }
    transcript.accompany(this);
  }

  /// Starts the translation, if this is the first cursor.
  void open() {
    translations.attach(this);
  }

  void translationsChanged() {
    if (!closed) {
      subscriber.changed(this);
    }
  }

  /// The transcript was sent up to its end.
  void transcriptSent() {
    translationsChanged();
  }

  /// The transcript is sent again from its start.
  void restart() {
    sent = null;
    sentId = EntryId.START;
    next = 0;
  }

  @Override
  boolean sendTo(SseConnection connection) {
    if (generation != translations.generation()) {
      generation = translations.generation();
      restart();
    }
    if (!transcript.isLive()) {
      return true; // The transcript calls when it is.
    }
    SseEvent status = translations.status();
    if (status != null && sentStatus != translations.statusVersion()) {
      sentStatus = translations.statusVersion();
      connection.writeWithoutId(status);
    }
    return sendTranslations(connection);
  }

  private boolean sendTranslations(SseConnection connection) {
    LineWindow window = translations.published();
    next = Math.max(next, window.firstIndex());
    while (next < window.size()) {
      if (!connection.isWritable()) {
        return false;
      }
      Line line = window.get(next);
      EntryId id = EntryId.parse(line.position().id());
      if (id.compareTo(sentId) <= 0) {
        next++; // The client was sent it, before a reconnect.
        continue;
      }
      if (!transcript.hasSent(id)) {
        return true; // The transcript calls when it has.
      }
      next++;
      sent = line.position();
      sentId = id;
      writtenId = resumeId();
      connection.writeWithId(line.event(), writtenId);
    }
    if (sent != null && !writtenId.equals(resumeId())) {
      writtenId = resumeId();
      connection.writeId(writtenId);
    }
    return true;
  }

  /// The id from which a client resumes the transcript and the translations.
  String resumeId() {
    String entry = transcript.lastEventId();
    return sent == null ? entry : entry + TranscriptEvents.TRANSLATED + sent.cursor();
  }

  /// Only the translations themselves count, which are few bytes compared with the finals.
  @Override
  long waitingBytes() {
    return 0;
  }

  @Override
  boolean isFinished() {
    return transcript.isFinished()
        && translations.isComplete()
        && generation == translations.generation()
        && next == translations.published().size();
  }

  @Override
  void close() {
    closed = true;
    translations.detach(this);
  }
}
