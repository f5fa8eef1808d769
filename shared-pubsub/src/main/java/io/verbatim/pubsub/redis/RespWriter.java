package io.verbatim.pubsub.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/// Writes the parts of a command in the Redis protocol: an array of bulk strings.
final class RespWriter {
  private final ByteBuf out;

  RespWriter(ByteBuf out) {
    this.out = out;
  }

  /// Starts a command of this many parts.
  void array(int parts) {
    out.writeByte('*');
    decimal(parts);
    lineEnd();
  }

  void bytes(byte[] part) {
    header(part.length);
    out.writeBytes(part);
    lineEnd();
  }

  void text(String part) {
    header(ByteBufUtil.utf8Bytes(part));
    ByteBufUtil.writeUtf8(out, part);
    lineEnd();
  }

  /// Three ASCII texts as one part, such as a key around a call id.
  void ascii(String prefix, String middle, String suffix) {
    header(prefix.length() + middle.length() + suffix.length());
    ByteBufUtil.writeAscii(out, prefix);
    ByteBufUtil.writeAscii(out, middle);
    ByteBufUtil.writeAscii(out, suffix);
    lineEnd();
  }

  void number(long part) {
    header(digits(part));
    decimal(part);
    lineEnd();
  }

  /// A stream entry's id: two unsigned numbers.
  void id(long position, long number) {
    if (position < 0 || number < 0) {
      text(Long.toUnsignedString(position) + "-" + Long.toUnsignedString(number));
      return;
    }
    header(digits(position) + 1 + digits(number));
    decimal(position);
    out.writeByte('-');
    decimal(number);
    lineEnd();
  }

  private void header(int length) {
    out.writeByte('$');
    decimal(length);
    lineEnd();
  }

  private void lineEnd() {
    out.writeShort('\r' << 8 | '\n');
  }

  private void decimal(long value) {
    int digits = digits(value);
    out.ensureWritable(digits);
    int begin = out.writerIndex();
    long rest = Math.abs(value);
    for (int at = begin + digits - 1; at >= begin; at--) {
      out.setByte(at, (int) ('0' + rest % 10));
      rest /= 10;
    }
    if (value < 0) {
      out.setByte(begin, '-');
    }
    out.writerIndex(begin + digits);
  }

  private static int digits(long value) {
    int digits = value < 0 ? 2 : 1;
    for (long rest = Math.abs(value); rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
