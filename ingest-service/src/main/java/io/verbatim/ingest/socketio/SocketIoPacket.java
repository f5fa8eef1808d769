package io.verbatim.ingest.socketio;

import java.util.Optional;

/// One Socket.IO packet, without its data.
///
/// @param attachments the number of binary messages that follow
/// @param ack the number under which the client waits for an acknowledgement; [#NO_ACK] if it does
///   not
/// @param data where the packet's JSON starts in the message
public record SocketIoPacket(Type type, int attachments, String namespace, long ack, int data) {
  public static final long NO_ACK = -1;

  /// The types.
  public enum Type {
    CONNECT,
    DISCONNECT,
    EVENT,
    ACK,
    CONNECT_ERROR,
    BINARY_EVENT,
    BINARY_ACK;

    /// The type with this digit; empty if there is none.
    static Optional<Type> of(int digit) {
      return switch (digit) {
        case '0' -> Optional.of(CONNECT);
        case '1' -> Optional.of(DISCONNECT);
        case '2' -> Optional.of(EVENT);
        case '3' -> Optional.of(ACK);
        case '4' -> Optional.of(CONNECT_ERROR);
        case '5' -> Optional.of(BINARY_EVENT);
        case '6' -> Optional.of(BINARY_ACK);
        default -> Optional.empty();
      };
    }

    boolean hasAttachments() {
      return this == BINARY_EVENT || this == BINARY_ACK;
    }
  }
}
