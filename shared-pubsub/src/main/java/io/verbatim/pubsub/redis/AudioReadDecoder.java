package io.verbatim.pubsub.redis;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes the reply to an XREAD of audio streams as its bytes arrive, and adds each entry to its
/// stream. Keeps only the audio of the reply.
///
/// In RESP3 the reply is a map from stream to entries, an entry is `[id, [field, value, …]]`, and
/// streams without entries are left out. A reply without any stream is null.
final class AudioReadDecoder extends ReplyDecoder<Boolean> {

  private enum Expected {
    STREAMS,
    STREAM,
    ENTRIES,
    ENTRY,
    ID,
    FIELDS,
    FIELD,
    VALUE,
    NOTHING
  }

  private enum Field {
    PCM,
    ARRIVED,
    END,
    LOST,
    OTHER
  }

  private static final long UNREADABLE = -2;

  private final List<AudioEntries> streams;
  private int next;
  private @Nullable AudioEntries stream;
  private Expected expected = Expected.STREAMS;
  private int streamsLeft;
  private int entriesLeft;
  private int partsLeft;
  private Field field = Field.OTHER;

  // The entry that is being decoded.
  private long idPosition;
  private long idNumber;
  private byte @Nullable [] pcm;
  private long arrivedMillis;
  private @Nullable String end;
  private boolean lost;

  /// @param streams in the order in which the command names their streams
  AudioReadDecoder(List<AudioEntries> streams) {
    this.streams = streams;
  }

  @Override
  public void multi(int count) {
    switch (expected) {
      case STREAMS -> {
        streamsLeft = count / 2;
        expected = streamsLeft > 0 ? Expected.STREAM : Expected.NOTHING;
      }
      case ENTRIES -> {
        entriesLeft = count;
        expected = Expected.ENTRY;
        if (entriesLeft == 0) {
          endStream();
        }
      }
      case ENTRY -> expected = Expected.ID;
      case FIELDS -> {
        partsLeft = count;
        expected = Expected.FIELD;
        if (partsLeft <= 0) {
          endEntry();
        }
      }
      default -> throw new IllegalStateException("XREAD returned a list instead of a text.");
    }
  }

  @Override
  public void set(ByteBuffer bytes) {
    switch (expected) {
      case STREAMS -> expected = Expected.NOTHING; // null: no stream has entries
      case STREAM -> {
        stream = streamOf(bytes);
        expected = Expected.ENTRIES;
      }
      case ID -> {
        id(bytes);
        expected = Expected.FIELDS;
      }
      case FIELDS -> endEntry(); // null: the entry was deleted
      case FIELD -> {
        field = fieldOf(bytes);
        partsLeft--;
        expected = Expected.VALUE;
      }
      case VALUE -> {
        value(bytes);
        partsLeft--;
        expected = Expected.FIELD;
        if (partsLeft <= 0) {
          endEntry();
        }
      }
      default -> throw new IllegalStateException("XREAD returned a text instead of a list.");
    }
  }

  /// Streams come in the order of the command.
  private AudioEntries streamOf(ByteBuffer key) {
    while (next < streams.size()) {
      AudioEntries candidate = streams.get(next++);
      if (key.equals(ByteBuffer.wrap(candidate.key()))) {
        return candidate;
      }
    }
    throw new IllegalStateException("XREAD returned a stream that was not requested.");
  }

  private void id(ByteBuffer id) {
    int dash = id.position();
    while (dash < id.limit() && id.get(dash) != '-') {
      dash++;
    }
    idPosition = unsigned(id, id.position(), dash);
    idNumber = unsigned(id, Math.min(dash + 1, id.limit()), id.limit());
    pcm = null;
    arrivedMillis = AudioEntries.NO_TIME;
    end = null;
    lost = false;
  }

  /// Redis accepts any two unsigned 64-bit numbers as an id.
  private static long unsigned(ByteBuffer digits, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = 10 * value + digits.get(i) - '0';
    }
    return value;
  }

  private static Field fieldOf(ByteBuffer name) {
    if (is(name, "pcm")) {
      return Field.PCM;
    }
    if (is(name, "t")) {
      return Field.ARRIVED;
    }
    if (is(name, "end")) {
      return Field.END;
    }
    return is(name, "lost") ? Field.LOST : Field.OTHER;
  }

  private void value(ByteBuffer value) {
    switch (field) {
      case PCM -> pcm = copy(value);
      case ARRIVED -> arrivedMillis = numberOr(value, UNREADABLE);
      case END -> end = Reply.asText(copy(value));
      case LOST -> lost = true;
      case OTHER -> {}
    }
  }

  private static long numberOr(ByteBuffer value, long fallback) {
    try {
      return number(value);
    } catch (NumberFormatException invalid) {
      return fallback;
    }
  }

  private void endEntry() {
    if (stream != null) {
      stream.add(idPosition, idNumber, pcm, arrivedMillis, end, lost);
    }
    entriesLeft--;
    expected = Expected.ENTRY;
    if (entriesLeft == 0) {
      endStream();
    }
  }

  private void endStream() {
    streamsLeft--;
    expected = streamsLeft > 0 ? Expected.STREAM : Expected.NOTHING;
  }

  @Override
  Boolean decoded() {
    return next > 0;
  }

  @Override
  ReplyDecoder<Boolean> fresh() {
    return new AudioReadDecoder(streams);
  }
}
