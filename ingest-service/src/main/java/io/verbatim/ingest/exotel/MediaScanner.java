package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.verbatim.ingest.connection.Base64Decoder;
import io.verbatim.ingest.exotel.ExotelMessage.Media;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes a media event of the usual form without building a tree.
///
/// The usual form is one ASCII object with `event`, `media` and optionally `stream_sid` and
/// `sequence_number`, in any order; in `media` the `payload` and optionally `chunk` and
/// `timestamp`; numbers as numbers or strings; spaces between tokens; no escapes, repeated fields
/// or other fields; canonical base64 within the limit. For any other text [#scan] returns null and
/// the full parser decides. For the usual form both return the same message.
///
/// One scanner per connection, because it caches the stream id of the last frame, which the next
/// frame repeats. Confined to the event loop.
final class MediaScanner {
  private static final byte[] EVENT = name("event");
  private static final byte[] MEDIA = name("media");
  private static final byte[] STREAM_SID = name("stream_sid");
  private static final byte[] SEQUENCE_NUMBER = name("sequence_number");
  private static final byte[] CHUNK = name("chunk");
  private static final byte[] TIMESTAMP = name("timestamp");
  private static final byte[] PAYLOAD = name("payload");

  /// The full parser cuts longer ids and ignores longer numbers.
  private static final int MAX_ID_CHARS = 256;

  private static final int MAX_DIGITS = 18;
  private static final byte[] NO_AUDIO = {};

  private byte[] lastSid = {};
  private @Nullable String lastSidText;

  private byte[] text = {};
  private int length;
  private int at;
  private boolean usual;
  private boolean isMedia;
  private @Nullable String streamSid;
  private long sequence;
  private long chunk;
  private long timestamp;
  private byte[] audio = NO_AUDIO;

  /// The name of a field, in quotes.
  private static byte[] name(String name) {
    return ('"' + name + '"').getBytes(US_ASCII);
  }

  /// Decodes the media event in the first `length` bytes of a frame. Null if it does not have the
  /// usual form. Does not retain the array.
  @Nullable Media scan(byte[] frame, int length) {
    this.text = frame;
    this.length = length;
    at = 0;
    usual = true;
    isMedia = false;
    streamSid = null;
    sequence = Media.NONE;
    chunk = Media.NONE;
    timestamp = Media.NONE;
    audio = NO_AUDIO;
    frame();
    text = NO_AUDIO;
    return usual && isMedia && audio.length > 0 && at == length
        ? new Media(streamSid, sequence, chunk, timestamp, audio, null, List.of())
        : null;
  }

  private void frame() {
    expect('{');
    do {
      skipSpaces();
      switch (peek(1)) {
        case 'e' -> event();
        case 'm' -> {
          field(MEDIA);
          usual &= audio.length == 0;
          media();
        }
        case 's' -> {
          if (peek(2) == 't') {
            field(STREAM_SID);
            streamSid();
          } else {
            field(SEQUENCE_NUMBER);
            sequence = number(sequence);
          }
        }
        default -> usual = false;
      }
    } while (another());
    expect('}');
  }

  private void media() {
    expect('{');
    do {
      skipSpaces();
      switch (peek(1)) {
        case 'c' -> {
          field(CHUNK);
          chunk = number(chunk);
        }
        case 't' -> {
          field(TIMESTAMP);
          timestamp = number(timestamp);
        }
        case 'p' -> {
          field(PAYLOAD);
          payload();
        }
        default -> usual = false;
      }
    } while (another());
    expect('}');
  }

  private void event() {
    field(EVENT);
    usual &= !isMedia;
    token(MEDIA);
    isMedia = true;
  }

  private void streamSid() {
    int from = at + 1;
    usual &= streamSid == null && peek(0) == '"';
    if (usual && repeatsLastSid(from)) {
      streamSid = lastSidText;
      at = from + lastSid.length + 1;
      return;
    }
    int to = from;
    while (usual && to < length && text[to] != '"') {
      usual = text[to] > ' ' && text[to] < 0x7f && text[to] != '\\';
      to++;
    }
    usual &= to < length && to > from && to - from <= MAX_ID_CHARS;
    if (usual) {
      lastSidText = new String(text, from, to - from, US_ASCII);
      lastSid = lastSidText.getBytes(US_ASCII);
      streamSid = lastSidText;
      at = to + 1;
    }
  }

  private boolean repeatsLastSid(int from) {
    int to = from + lastSid.length;
    if (lastSidText == null || to >= length || text[to] != '"') {
      return false;
    }
    for (int i = 0; i < lastSid.length; i++) {
      if (text[from + i] != lastSid[i]) {
        return false;
      }
    }
    return true;
  }

  /// Reads an unsigned integer, with or without quotes.
  ///
  /// @param before the field's value so far; a repeated field is not usual
  private long number(long before) {
    boolean quoted = peek(0) == '"';
    int from = quoted ? at + 1 : at;
    int to = from;
    long value = 0;
    while (usual && to < length && text[to] >= '0' && text[to] <= '9') {
      value = value * 10 + text[to] - '0';
      to++;
      usual = to - from <= MAX_DIGITS;
    }
    usual &= before == Media.NONE && to > from && to < length;
    if (!usual) {
      return before;
    }
    if (quoted) {
      usual = text[to] == '"';
      at = to + 1;
    } else {
      usual = text[from] != '0' || to - from == 1;
      at = to;
    }
    return value;
  }

  /// The payload is nearly always the last value, so its end is first assumed before the frame's
  /// end. The decoder accepts no quote, so a wrong assumption fails and the end is searched.
  private void payload() {
    usual &= audio.length == 0 && peek(0) == '"';
    if (!usual) {
      return;
    }
    int from = at + 1;
    int to = length - "\"}}".length();
    byte[] decoded = to > from && text[to] == '"' ? decode(from, to) : null;
    if (decoded == null) {
      to = from;
      while (to < length && text[to] != '"') {
        to++;
      }
      decoded = to < length ? decode(from, to) : null;
    }
    if (decoded == null) {
      usual = false;
    } else {
      audio = decoded;
      at = to + 1;
    }
  }

  private byte @Nullable [] decode(int from, int to) {
    byte[] decoded =
        to - from <= ExotelDecoder.MAX_PAYLOAD_CHARS ? Base64Decoder.decode(text, from, to) : null;
    return decoded != null && decoded.length <= ExotelDecoder.MAX_PAYLOAD_BYTES ? decoded : null;
  }

  /// Whether another field follows.
  private boolean another() {
    skipSpaces();
    if (!usual || peek(0) != ',') {
      return false;
    }
    at++;
    return true;
  }

  /// Reads a field's name and the colon after it.
  private void field(byte[] name) {
    token(name);
    skipSpaces();
    expect(':');
    skipSpaces();
  }

  private void token(byte[] token) {
    usual &= length - at >= token.length;
    for (int i = 0; usual && i < token.length; i++) {
      usual = text[at + i] == token[i];
    }
    at += token.length;
  }

  private void expect(char next) {
    skipSpaces();
    usual &= peek(0) == next;
    at++;
  }

  private void skipSpaces() {
    while (at < length && text[at] == ' ') {
      at++;
    }
  }

  private int peek(int offset) {
    return at + offset < length ? text[at + offset] : -1;
  }
}
