package io.verbatim.pubsub.redis;

import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;

/// Decodes one reply as its bytes arrive. Used for one call only.
abstract class ReplyDecoder<T> extends CommandOutput<String, byte[], T> {

  /// Passes no codec, because subclasses decode themselves.
  ReplyDecoder() {
    super(RedisCall.CODEC, null);
  }

  /// The decoded value of the complete reply.
  abstract T decoded();

  /// The same decoder without a reply, for a call that is sent again.
  abstract ReplyDecoder<T> fresh();

  @Override
  public final T get() {
    return decoded();
  }

  /// Reads a whole number in ASCII digits from the buffer.
  static long number(ByteBuffer bytes) {
    return number(bytes, bytes.position(), bytes.limit());
  }

  /// Reads a whole number in ASCII digits from a part of the buffer.
  static long number(ByteBuffer bytes, int from, int to) {
    boolean negative = from < to && bytes.get(from) == '-';
    int first = negative ? from + 1 : from;
    if (first == to || to - first > 18) {
      throw new NumberFormatException("not a number of 1 to 18 digits");
    }
    long value = 0;
    for (int i = first; i < to; i++) {
      int digit = bytes.get(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new NumberFormatException("not a digit");
      }
      value = 10 * value + digit;
    }
    return negative ? -value : value;
  }

  /// Whether the buffer holds exactly this ASCII text.
  static boolean is(ByteBuffer bytes, String text) {
    int length = bytes.remaining();
    if (length != text.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes.get(bytes.position() + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// A copy of the bytes.
  static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }
}
