package io.verbatim.ingest.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/// Decodes the head of a Socket.IO packet: type, attachments, namespace and the number of the
/// acknowledgement. Never throws.
public final class SocketIoDecoder {
  private static final String ROOT = "/";
  private static final int MAX_NAMESPACE_BYTES = 200;
  private static final int MAX_ATTACHMENTS = 1000;
  private static final int MAX_DIGITS = 15;
  private static final long TOO_LONG = -2;

  private final byte[] text;
  private final int length;
  private int at;

  private SocketIoDecoder(byte[] text, int from, int length) {
    this.text = text;
    this.length = length;
    at = from;
  }

  /// Returns the packet in a range of an array; empty if it is none.
  ///
  /// @param from where the packet starts
  /// @param length where it ends
  public static Optional<SocketIoPacket> decode(byte[] text, int from, int length) {
    return new SocketIoDecoder(text, from, length).packet();
  }

  private Optional<SocketIoPacket> packet() {
    Optional<SocketIoPacket.Type> type = SocketIoPacket.Type.of(peek());
    if (type.isEmpty()) {
      return Optional.empty();
    }
    at++;
    long attachments = 0;
    if (type.get().hasAttachments()) {
      attachments = number();
      if (attachments < 0 || attachments > MAX_ATTACHMENTS || peek() != '-') {
        return Optional.empty();
      }
      at++;
    }
    String namespace = namespace();
    long ack = number();
    return namespace.isEmpty() || ack == TOO_LONG
        ? Optional.empty()
        : Optional.of(new SocketIoPacket(type.get(), (int) attachments, namespace, ack, at));
  }

  /// Reads the namespace and the comma after it, without a query; empty if it is too long.
  private String namespace() {
    if (peek() != '/') {
      return ROOT;
    }
    int from = at;
    while (at < length && text[at] != ',') {
      at++;
    }
    if (at - from > MAX_NAMESPACE_BYTES) {
      return "";
    }
    String name = new String(text, from, at - from, UTF_8);
    at = Math.min(at + 1, length);
    int query = name.indexOf('?');
    return query < 0 ? name : name.substring(0, query);
  }

  /// Reads digits; [SocketIoPacket#NO_ACK] if there are none.
  private long number() {
    int from = at;
    long value = 0;
    while (at < length && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + text[at] - '0';
      at++;
      if (at - from > MAX_DIGITS) {
        return TOO_LONG;
      }
    }
    return at == from ? SocketIoPacket.NO_ACK : value;
  }

  private int peek() {
    return at < length ? text[at] : -1;
  }
}
