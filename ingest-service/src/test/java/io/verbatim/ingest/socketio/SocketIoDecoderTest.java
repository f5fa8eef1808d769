package io.verbatim.ingest.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIoDecoderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0                                    | CONNECT       | 0 | /             | -1 | 1",
        "0/audio-stream,{}                    | CONNECT       | 0 | /audio-stream | -1 | 15",
        "0/audio-stream                       | CONNECT       | 0 | /audio-stream | -1 | 14",
        "0/audio-stream?a=b,{}                | CONNECT       | 0 | /audio-stream | -1 | 19",
        "1/audio-stream,                      | DISCONNECT    | 0 | /audio-stream | -1 | 15",
        "2/audio-stream,[]                    | EVENT         | 0 | /audio-stream | -1 | 15",
        "2/audio-stream,12[]                  | EVENT         | 0 | /audio-stream | 12 | 17",
        "212[]                                | EVENT         | 0 | /             | 12 | 3",
        "3/audio-stream,0[]                   | ACK           | 0 | /audio-stream | 0  | 16",
        "51-/audio-stream,7[]                 | BINARY_EVENT  | 1 | /audio-stream | 7  | 18",
        "60-[]                                | BINARY_ACK    | 0 | /             | -1 | 3",
      })
  void packet_isDecoded(
      String text,
      SocketIoPacket.Type type,
      int attachments,
      String namespace,
      long ack,
      int data) {
    assertThat(decode(text)).contains(new SocketIoPacket(type, attachments, namespace, ack, data));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "x",
        "5",
        "51",
        "5-",
        "5x-",
        "51001-[]",
        "2/a,1234567890123456[]",
        "59999999999999999-"
      })
  void otherText_isNoPacket(String text) {
    assertThat(decode(text)).isEmpty();
  }

  @Test
  void namespaceOver200Bytes_isNoPacket() {
    assertThat(decode("0/" + "x".repeat(200) + ",")).isEmpty();
  }

  /// Decodes at an offset, as in a message; positions are relative to the packet.
  private static Optional<SocketIoPacket> decode(String packet) {
    byte[] message = ("4" + packet + "]]]").getBytes(UTF_8);
    return SocketIoDecoder.decode(message, 1, message.length - 3)
        .map(found ->
            new SocketIoPacket(
                found.type(),
                found.attachments(),
                found.namespace(),
                found.ack(),
                found.data() - 1));
  }
}
