package io.verbatim.bench.watchers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// One watcher's socket. It scans the bytes without decoding HTTP chunks. A match may span two
/// reads; a chunk never starts within an event.
final class SseSocket extends ChannelInboundHandlerAdapter {
  private static final byte[] EVENT = "event:".getBytes(US_ASCII);
  private static final byte[] HEADERS_END = "\r\n\r\n".getBytes(US_ASCII);
  private static final int NO_NUMBER = -1;

  private final SseWatchers watchers;
  private final StringBuilder status = new StringBuilder();
  private int headersMatched;
  private boolean open;
  private int digits = NO_NUMBER;
  private int number;
  private int eventMatched;

  SseSocket(SseWatchers watchers) {
    this.watchers = watchers;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.writeAndFlush(
        context.alloc().buffer().writeBytes(watchers.request().getBytes(US_ASCII)));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      ByteBuf bytes = (ByteBuf) message;
      int length = bytes.readableBytes();
      watchers.read(length);
      byte[] read = watchers.scratch(length);
      bytes.readBytes(read, 0, length);
      int from = open ? 0 : headers(read, length);
      if (open) {
        scan(read, from, length, System.nanoTime());
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /// @return the start of the body in `read`
  private int headers(byte[] read, int length) {
    for (int at = 0; at < length; at++) {
      byte b = read[at];
      if (status.length() < 12) {
        status.append((char) b);
      }
      headersMatched = b == HEADERS_END[headersMatched] ? headersMatched + 1 : b == '\r' ? 1 : 0;
      if (headersMatched == HEADERS_END.length) {
        if (status.toString().equals("HTTP/1.1 200")) {
          open = true;
          watchers.opened();
        } else {
          watchers.refused(new String(read, 0, length, US_ASCII));
        }
        return at + 1;
      }
    }
    return length;
  }

  private void scan(byte[] read, int from, int to, long nowNanos) {
    for (int at = from; at < to; at++) {
      byte b = read[at];
      if (digits != NO_NUMBER) {
        digit(b, nowNanos);
      } else if (b == '@') {
        digits = 0;
        number = 0;
      } else if (b == EVENT[eventMatched]) {
        if (++eventMatched == EVENT.length) {
          eventMatched = 0;
          watchers.event();
        }
      } else {
        eventMatched = b == EVENT[0] ? 1 : 0;
      }
    }
  }

  private void digit(byte b, long nowNanos) {
    if (b < '0' || b > '9') {
      digits = NO_NUMBER;
      return;
    }
    number = number * 10 + b - '0';
    if (++digits == NumberedWords.DIGITS) {
      digits = NO_NUMBER;
      watchers.received(number, nowNanos);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (open) {
      watchers.closed();
    } else {
      watchers.refused("the server closed the connection");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
