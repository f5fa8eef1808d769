package io.verbatim.ingest.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Closes the line of a caller that sends frames before its handshake is answered, which RFC 6455
/// (section 4.1) forbids.
///
/// Netty's HTTP decoder has read such bytes when it gives way to the frames' decoder, and hands
/// them on as they are, past that one, to where nobody takes or releases them: each such handshake
/// would keep a buffer for good. For any channel; the server's own threads.
@Sharable
public final class EarlyBytesHandler extends ChannelInboundHandlerAdapter {
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf) {
      ReferenceCountUtil.release(message);
      context.close();
    } else {
      context.fireChannelRead(message);
    }
  }
}
