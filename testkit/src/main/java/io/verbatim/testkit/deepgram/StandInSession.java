package io.verbatim.testkit.deepgram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.testkit.deepgram.SessionPlan.Fault;
import io.verbatim.testkit.deepgram.SessionPlan.FinishBehavior;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// The server's side of one session. Confined to its channel's event loop.
final class StandInSession extends SimpleChannelInboundHandler<WebSocketFrame> {

  /// Reads what the peer still sends for this long after a close frame. Closing with unread input
  /// resets the connection, and the peer loses the close frame.
  private static final int LINGER_MILLIS = 1_000;

  private static final Set<FinishBehavior> SILENT_AT_FINALIZE =
      EnumSet.of(
          FinishBehavior.DROP,
          FinishBehavior.NO_LAST_FINAL,
          FinishBehavior.METADATA_FIRST,
          FinishBehavior.SHORT_METADATA);

  private final Channel channel;
  private final SessionPlan plan;
  private final FrameFormat format;
  private final RecordedSession recorded;
  private final StandInFaults faults;
  private final StandInListener listener;
  private final StandInResults results;
  private final List<ChannelResults> channels;
  private final ByteBuf rest;
  private final ByteBuf samples;
  private int frames;
  private long lastInputNanos = System.nanoTime();
  private boolean mute;
  private boolean onlyInvalid;
  private boolean closing;
  private boolean muteUntilFinalize;
  private boolean answered;

  StandInSession(
      Channel channel,
      SessionPlan plan,
      FrameFormat format,
      RecordedSession recorded,
      StandInFaults faults,
      StandInListener listener) {
    this.channel = channel;
    this.plan = plan;
    this.format = format;
    this.recorded = recorded;
    this.faults = faults;
    this.listener = listener;
    results = new StandInResults(recorded, format.channels(), plan.pace().onlyLastWord());
    channels =
        IntStream.range(0, format.channels())
            .mapToObj(index -> new ChannelResults(index, plan, faults, results, this::sendResult))
            .toList();
    rest = Unpooled.buffer(format.frameBytes());
    samples = Unpooled.buffer(format.channelFrameBytes());
  }

  RecordedSession recorded() {
    return recorded;
  }

  /// Watches for silence of the client, from the upgrade on.
  void opened() {
    watch(plan.idleLimit().toNanos());
  }

  private void watch(long delayNanos) {
    var _ = channel.eventLoop().schedule(this::checkIdle, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void checkIdle() {
    long left = plan.idleLimit().toNanos() - (System.nanoTime() - lastInputNanos);
    if (left > 0 && channel.isActive()) {
      watch(left);
    } else if (channel.isActive() && !closing) {
      close(
          1011,
          "NET-0001 Deepgram did not receive audio data or a text message within the timeout"
              + " window. See https://dpgr.am/net0001");
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    switch (frame) {
      case BinaryWebSocketFrame audio -> receivedAudio(audio.content());
      case TextWebSocketFrame text -> receivedText(text.text());
      case PingWebSocketFrame ping ->
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case CloseWebSocketFrame close ->
          context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
      default -> {
        // A pong, which needs no answer.
      }
    }
  }

  private void receivedAudio(ByteBuf audio) {
    if (closing) {
      return;
    }
    lastInputNanos = System.nanoTime();
    int length = audio.readableBytes();
    if (length == 0) {
      recorded.recordViolation("an empty binary frame");
      close(1000, "");
      return;
    }
    recorded.addBytes(length);
    if (length % (format.bytesPerSample() * format.channels()) != 0) {
      recorded.recordViolation("a message of " + length + " bytes is not whole sample frames");
    }
    if (rest.isReadable()) {
      rest.writeBytes(audio, Math.min(length, format.frameBytes() - rest.readableBytes()));
      if (rest.readableBytes() == format.frameBytes()) {
        frame(rest, 0);
        rest.clear();
      }
    }
    while (audio.readableBytes() >= format.frameBytes()) {
      frame(audio, audio.readerIndex());
      audio.skipBytes(format.frameBytes());
    }
    rest.writeBytes(audio);
  }

  /// Reads the frame of all channels at `at`.
  private void frame(ByteBuf audio, int at) {
    for (int index = 0; index < format.channels(); index++) {
      if (format.channels() == 1) {
        channelFrame(audio, at, index);
      } else {
        extract(audio, at, index);
        channelFrame(samples, 0, index);
      }
      channels.get(index).add();
    }
    frames++;
    answer();
  }

  private void extract(ByteBuf audio, int at, int index) {
    int width = format.bytesPerSample();
    samples.clear();
    for (int from = at + index * width;
        samples.readableBytes() < format.channelFrameBytes();
        from += width * format.channels()) {
      samples.writeBytes(audio, from, width);
    }
  }

  private void channelFrame(ByteBuf audio, int at, int index) {
    int number = NumberedFrame.read(audio, at, format, index);
    boolean expected =
        recorded.addFrame(index, number, NumberedFrame.call(audio, at), lastInputNanos);
    listener.received(recorded, NumberedFrame.sentNanos(audio, at), expected);
  }

  private void answer() {
    if (frames == plan.faultAfter()) {
      apply(plan.fault());
    }
    if (onlyInvalid) {
      StandInResults.UNUSABLE_MESSAGES.forEach(this::send);
    } else if (!muteUntilFinalize) {
      channels.forEach(ChannelResults::answer);
    }
  }

  private void apply(Fault fault) {
    switch (fault) {
      case Fault.None _ -> {}
      case Fault.Drop _ -> drop();
      case Fault.Close(int code, String reason) -> close(code, reason);
      case Fault.StopAnswering _ -> mute = true;
      case Fault.AnswerOnlyFinalize _ -> muteUntilFinalize = true;
      case Fault.SkipFinal _ -> channels.forEach(ChannelResults::skipFinal);
      case Fault.TruncateFinal _ -> channels.forEach(ChannelResults::truncateFinal);
      case Fault.SendInvalidMessages _ -> StandInResults.INVALID_MESSAGES.forEach(this::send);
      case Fault.SendOnlyInvalidMessages _ -> onlyInvalid = true;
    }
  }

  private void receivedText(String text) {
    if (closing) {
      return;
    }
    lastInputNanos = System.nanoTime();
    String type = JsonMapper.shared().readTree(text).path("type").asString("");
    recorded.addText(type);
    switch (type) {
      case "KeepAlive" -> {}
      case "Finalize" -> {
        muteUntilFinalize = false;
        if (!SILENT_AT_FINALIZE.contains(plan.finishBehavior())) {
          flush();
        }
      }
      case "CloseStream" -> finish();
      default -> recorded.recordViolation("a text of type " + type);
    }
  }

  private void flush() {
    if (!onlyInvalid) {
      channels.forEach(ChannelResults::flush);
    }
  }

  private void finish() {
    switch (plan.finishBehavior()) {
      case DROP -> drop();
      case COMPLETE -> {
        if (channels.stream().anyMatch(ChannelResults::hasUncovered) && faults.endsShort()) {
          endShort();
        } else {
          sendLastFinals();
          end(frames);
        }
      }
      case SHORT_METADATA -> endShort();
      case NO_METADATA -> sendLastFinals();
      case NO_LAST_FINAL -> end(frames);
      case METADATA_FIRST -> {
        send(results.metadata(frames * StandInResults.FRAME_SECONDS));
        sendLastFinals();
        close(1000, "");
      }
      case CLOSE_WITHOUT_METADATA -> {
        sendLastFinals();
        close(1000, "");
      }
    }
  }

  private void sendLastFinals() {
    flush();
    channels.forEach(ChannelResults::sendDelayed);
  }

  private void endShort() {
    end(channels.stream().mapToInt(ChannelResults::covered).min().orElse(0));
  }

  private void end(int processed) {
    if (!mute) {
      send(results.metadata(processed * StandInResults.FRAME_SECONDS));
      close(1000, "");
    }
  }

  private void sendResult(String text) {
    if (!answered && !mute && recorded.call().isPresent()) {
      answered = true;
      listener.answered(recorded);
    }
    send(text);
  }

  private void send(String text) {
    if (!mute && !closing && channel.isActive()) {
      var _ = channel.writeAndFlush(new TextWebSocketFrame(text));
    }
  }

  private void close(int code, String reason) {
    closing = true;
    var _ = channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
    var _ =
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Closes without a close frame, after the messages sent so far are written. Thread-safe.
  void drop() {
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    recorded.recordViolation("the session failed: " + cause);
    context.close();
  }
}
