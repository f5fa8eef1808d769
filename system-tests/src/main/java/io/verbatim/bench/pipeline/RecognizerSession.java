package io.verbatim.bench.pipeline;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.bench.calls.AudioCheck;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One session of the checking recogniser: a final of one word, the number of its last frame, for
/// every second of audio; what is left at `Finalize` and `CloseStream`.
final class RecognizerSession extends SimpleChannelInboundHandler<WebSocketFrame> {
  static final int FRAMES_PER_FINAL = 50;

  private static final double SECONDS_PER_FRAME = 0.020;

  private final CheckingRecognizer recognizer;
  private final AudioCheck check = new AudioCheck();
  private @Nullable RecognizedCall call;
  private int answered;

  RecognizerSession(CheckingRecognizer recognizer) {
    this.recognizer = recognizer;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    switch (frame) {
      case BinaryWebSocketFrame audio -> audio(context, audio);
      case TextWebSocketFrame text -> text(context, text.text());
      case PingWebSocketFrame ping ->
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case CloseWebSocketFrame close ->
          context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
      default -> {
        // No other frame is expected, and none changes what was received.
      }
    }
  }

  private void audio(ChannelHandlerContext context, BinaryWebSocketFrame audio) {
    int frames = check.frames();
    int wrong = check.wrong();
    check.accept(
        audio.content(),
        System.nanoTime(),
        frames < FRAMES_PER_FINAL ? recognizer.opening() : recognizer.flowing());
    if (call == null && check.frames() > 0) {
      call = recognizer.call(check.call());
      call.sessionOpened();
    }
    if (call != null) {
      call.received(check.frames() - frames, check.wrong() - wrong);
    }
    recognizer.received(check.frames() - frames);
    while (check.frames() - answered >= FRAMES_PER_FINAL) {
      answer(context, answered + FRAMES_PER_FINAL, false);
    }
  }

  private void text(ChannelHandlerContext context, String text) {
    boolean finalize = text.contains("\"Finalize\"");
    boolean close = text.contains("\"CloseStream\"");
    if ((finalize || close) && check.frames() > answered) {
      answer(context, check.frames(), finalize);
    }
    if (close) {
      String metadata =
          String.format(
              Locale.ROOT,
              "{\"type\":\"Metadata\",\"request_id\":\"bench\",\"duration\":%.3f,\"channels\":1}",
              check.frames() * SECONDS_PER_FRAME);
      context.write(new TextWebSocketFrame(metadata));
      context
          .writeAndFlush(new CloseWebSocketFrame(1000, ""))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void answer(ChannelHandlerContext context, int to, boolean fromFinalize) {
    double start = answered * SECONDS_PER_FRAME;
    double end = to * SECONDS_PER_FRAME;
    String result =
        String.format(
            Locale.ROOT,
            "{\"type\":\"Results\",\"channel_index\":[0,1],\"start\":%.3f,\"duration\":%.3f,"
                + "\"is_final\":true,\"speech_final\":true,\"from_finalize\":%b,"
                + "\"channel\":{\"alternatives\":[{\"transcript\":\"%d\",\"confidence\":1.0,"
                + "\"words\":[{\"word\":\"%d\",\"start\":%.3f,\"end\":%.3f,\"confidence\":1.0}]}]},"
                + "\"metadata\":{\"request_id\":\"bench\",\"model_info\":{\"name\":\"bench\"}}}",
            start,
            end - start,
            fromFinalize,
            to - 1,
            to - 1,
            start,
            end);
    answered = to;
    context.writeAndFlush(new TextWebSocketFrame(result));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
