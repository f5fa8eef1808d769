package io.verbatim.bench.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.verbatim.bench.calls.ExotelLoad.Line;

/// One caller's socket. Performs the handshake, then reports a close by the service.
final class CallSocket extends ChannelInboundHandlerAdapter {
  private static final int CLOSE_FRAME = 0x88;
  private static final int PING_FRAME = 0x89;

  private final ExotelLoad load;
  private final Line line;
  private final StringBuilder answer = new StringBuilder();
  private boolean open;
  private boolean ended;

  CallSocket(ExotelLoad load, Line line) {
    this.load = load;
    this.line = line;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    String request =
        "GET "
            + load.path()
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n";
    context.writeAndFlush(context.alloc().buffer().writeBytes(request.getBytes(US_ASCII)));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      ByteBuf bytes = (ByteBuf) message;
      if (!open) {
        handshake(context, bytes);
      }
      if (open && bytes.isReadable()) {
        frame(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void handshake(ChannelHandlerContext context, ByteBuf bytes) {
    while (bytes.isReadable() && !open) {
      answer.append((char) bytes.readByte());
      if (answer.length() > 4 && answer.indexOf("\r\n\r\n", answer.length() - 4) >= 0) {
        if (!answer.toString().startsWith("HTTP/1.1 101 ")) {
          end("refused: " + answer.toString().lines().findFirst().orElse(""));
          context.close();
          return;
        }
        open = true;
        load.opened(line, context.channel());
      }
    }
  }

  /// Handles a frame of the service. A service sends only short frames, each in one piece: a close,
  /// or a ping when no frame arrives, which does not happen in a running call.
  private void frame(ByteBuf bytes) {
    int opcode = bytes.getUnsignedByte(bytes.readerIndex());
    if (opcode == CLOSE_FRAME && bytes.readableBytes() >= 4) {
      int length = bytes.readableBytes() - 4;
      end(
          bytes.getUnsignedShort(bytes.readerIndex() + 2)
              + " "
              + bytes.toString(bytes.readerIndex() + 4, length, US_ASCII));
    } else if (opcode == PING_FRAME) {
      end("ping received: the generator sent no frame for too long");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end("connection lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(cause.toString());
    context.close();
  }

  private void end(String reason) {
    if (!ended) {
      ended = true;
      load.ended(line, reason);
    }
  }
}
