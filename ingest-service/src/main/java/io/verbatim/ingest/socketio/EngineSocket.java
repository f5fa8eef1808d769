package io.verbatim.ingest.socketio;

import io.netty.buffer.ByteBuf;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.FrameChannel;
import io.verbatim.ingest.connection.FrameListener;
import java.util.Arrays;

/// One WebSocket of an Engine.IO session: its only transport, or one that takes over from polling.
/// Confined to the event loop.
final class EngineSocket implements FrameListener {
  private static final byte[] PROBE = {'2', 'p', 'r', 'o', 'b', 'e'};

  private final FrameChannel channel;
  private final EngineSession session;
  private final boolean isFirst;
  private final long openedAt;

  private EngineSocket(FrameChannel channel, EngineSession session, boolean isFirst) {
    this.channel = channel;
    this.session = session;
    this.isFirst = isFirst;
    openedAt = now();
  }

  /// A WebSocket that begins a session.
  static EngineSocket first(FrameChannel channel, EngineSession session) {
    return new EngineSocket(channel, session, true);
  }

  /// A WebSocket that takes over from polling.
  static EngineSocket upgrade(FrameChannel channel, EngineSession session) {
    return new EngineSocket(channel, session, false);
  }

  FrameChannel channel() {
    return channel;
  }

  @Override
  public void opened() {
    if (isFirst) {
      session.begin(this);
    } else if (!session.upgrading(this)) {
      reject("The session is closing, or another WebSocket is taking over.");
    }
  }

  @Override
  public void text(byte[] text, int length) {
    if (session.isOn(this)) {
      session.text(text, length);
    } else if (isProbe(text, length)) {
      channel.send("3probe");
      session.probed();
    } else if (length != 1 || text[0] != '5' || !session.upgraded(this)) {
      reject("A WebSocket that takes over must send 2probe, and then 5.");
    }
  }

  private static boolean isProbe(byte[] text, int length) {
    return Arrays.equals(text, 0, length, PROBE, 0, PROBE.length);
  }

  private void reject(String reason) {
    channel.close(CloseCode.PROTOCOL_ERROR, reason);
  }

  @Override
  public void binary(ByteBuf content) {
    if (session.isOn(this)) {
      session.binary(content);
    } else {
      reject("A binary message arrived before the WebSocket has taken over.");
    }
  }

  /// Some clients and proxies send pings of their own; they say nothing about the session.
  @Override
  public void ping() {}

  @Override
  public void pong() {}

  @Override
  public void tooLarge() {
    if (session.isOn(this)) {
      session.connection().tooLarge();
    } else {
      channel.close(CloseCode.TOO_BIG, "message_too_large");
    }
  }

  @Override
  public void violatesProtocol(String message) {
    if (session.isOn(this)) {
      session.connection().violatesProtocol(message);
    } else {
      reject(message);
    }
  }

  @Override
  public void internalError() {
    if (session.isOn(this)) {
      session.connection().internalError();
    } else {
      channel.close(CloseCode.INTERNAL_ERROR, "internal_error");
    }
  }

  @Override
  public void tick() {
    if (session.isOn(this)) {
      session.tick();
    } else if (now() - openedAt >= session.connection().context().timeouts().start().toNanos()) {
      reject("The WebSocket has not taken over within START_TIMEOUT.");
    }
  }

  @Override
  public boolean isFinishing() {
    return session.isOn(this) && session.isFinishing();
  }

  @Override
  public void shutDown() {
    if (session.isOn(this)) {
      session.shutDown();
    } else {
      channel.close(CloseCode.SERVICE_RESTART, "shutdown");
    }
  }

  @Override
  public void closed(int code) {
    session.socketClosed(this, isFirst, code);
  }

  private long now() {
    return session.connection().context().nanos().getAsLong();
  }
}
