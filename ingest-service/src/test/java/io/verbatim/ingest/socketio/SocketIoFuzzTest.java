package io.verbatim.ingest.socketio;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.testkit.fuzz.Assertion;

/// Packets of Socket.IO clients.
public class SocketIoFuzzTest {
  private static final int MAX_NAMESPACE_CHARS = 200;
  private static final int MAX_ATTACHMENTS = 1000;

  /// Decodes the head of a packet at each of the first positions of a message.
  @FuzzTest
  public void packets(byte[] input) {
    for (int from = 0; from <= Math.min(1, input.length); from++) {
      int start = from;
      SocketIoDecoder.decode(input, start, input.length)
          .ifPresent(packet -> check(packet, start, input.length));
    }
  }

  private static void check(SocketIoPacket packet, int from, int length) {
    Assertion.check(packet.data() > from && packet.data() <= length, "data outside the message");
    Assertion.check(packet.namespace().startsWith("/"), "a namespace without its slash");
    Assertion.check(
        packet.namespace().length() <= MAX_NAMESPACE_CHARS, "a namespace without a bound");
    Assertion.check(
        packet.attachments() >= 0 && packet.attachments() <= MAX_ATTACHMENTS,
        "a number of attachments without a bound");
    Assertion.check(packet.ack() >= SocketIoPacket.NO_ACK, "a negative acknowledgement");
  }
}
