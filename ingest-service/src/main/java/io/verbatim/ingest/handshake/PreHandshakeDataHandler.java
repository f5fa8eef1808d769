package io.verbatim.ingest.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Closes the connection of a caller that sends frames before its handshake is answered, which RFC
/// 6455 (section 4.1) forbids.
///
/// Netty's HTTP decoder has read such bytes when it is replaced by the frame decoder, and passes
/// them on behind that one, where nothing releases them: each such handshake would leak a buffer.
/// Thread-safe: it has no state.
@Sharable
public final class PreHandshakeDataHandler extends ChannelInboundHandlerAdapter {
  /// Its name in a pipeline.
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
