package io.verbatim.ingest.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Closes the connection of a caller that sends data before its handshake is answered, which RFC
/// 6455 (section 4.1) forbids.
///
/// Netty's HTTP decoder has already read such data when the frame decoder replaces it. It forwards
/// the data past the frame decoder, where nothing releases it: each such handshake would leak a
/// buffer. Thread-safe: it has no state.
@Sharable
public final class PreHandshakeDataHandler extends ChannelInboundHandlerAdapter {
  /// The handler's name in a pipeline.
  public static final String NAME = "verbatim.preHandshakeData";

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
