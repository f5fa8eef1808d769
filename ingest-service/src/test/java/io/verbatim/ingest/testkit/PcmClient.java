package io.verbatim.ingest.testkit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;

/// A pcm caller that follows the protocol.
public final class PcmClient {
  private final TestSocket socket;
  private final String call;
  private final String more;

  /// @param more further fields of the start, such as `,"channels":2`
  private PcmClient(TestSocket socket, String call, String more) {
    this.socket = socket;
    this.call = call;
    this.more = more;
  }

  public static PcmClient connect(IngestServer server, Tokens tokens, String call) {
    return new PcmClient(TestSocket.pcm(server, tokens.valid()), call, "");
  }

  /// Connects with TLS to a server whose certificate the context trusts.
  public static PcmClient connectByTls(
      IngestServer server, Tokens tokens, String call, SSLContext trusting) {
    URI uri = URI.create("wss://127.0.0.1:" + server.port() + "/v1/ingest");
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + tokens.valid());
    return new PcmClient(TestSocket.connect(uri, bearer, trusting), call, "");
  }

  public static String start(String call, String more) {
    return ("{\"event\":\"start\",\"interaction_id\":\"%s\",\"tenant_id\":\"t1\","
            + "\"sample_rate\":8000,\"encoding\":\"pcm16\"%s}")
        .formatted(call, more);
  }

  /// Sends a start and returns the number of the next expected frame.
  public long start() {
    socket.send(start(call, more));
    return nextSeq();
  }

  public long resume(long from) {
    socket.send(start(call, ",\"resume_from\":" + from));
    return nextSeq();
  }

  private long nextSeq() {
    JsonNode started = socket.await("started");
    return started.path("next_seq").longValue();
  }

  /// Sends the frames with these numbers, first and last included.
  public void send(long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      socket.send(frame(seq));
    }
  }

  /// The content of the frame with this number.
  public static byte[] frame(long seq) {
    byte[] frame = new byte[320];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (seq * 31 + i);
    }
    return frame;
  }

  public void awaitAck(long seq) {
    socket.await(message ->
        message.path("event").asString("").equals("ack") && message.path("seq").longValue() >= seq);
  }

  public List<Long> acks() {
    List<Long> acks = new ArrayList<>();
    for (JsonNode message : socket.received()) {
      if (message.path("event").asString("").equals("ack")) {
        acks.add(message.path("seq").longValue());
      }
    }
    return acks;
  }

  /// Sends a stop and returns the number of frames the service counted.
  public long stop() {
    socket.send("{\"event\":\"stop\"}");
    return socket.await("stopped").path("frames").longValue();
  }

  /// Waits for an error and returns its code.
  public String awaitError() {
    return socket.await("error").path("code").stringValue();
  }

  public TestSocket socket() {
    return socket;
  }
}
