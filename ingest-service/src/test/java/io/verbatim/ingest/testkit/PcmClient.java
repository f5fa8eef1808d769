package io.verbatim.ingest.testkit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;

/// A pcm caller that keeps to the protocol.
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

  /// By TLS, to a server whose certificate the context trusts.
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

  /// Starts and answers the number of the frame that is needed next.
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

  /// What every frame of that number holds.
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
    for (JsonNode message : socket.heard()) {
      if (message.path("event").asString("").equals("ack")) {
        acks.add(message.path("seq").longValue());
      }
    }
    return acks;
  }

  /// Stops and answers how many frames the service counted.
  public long stop() {
    socket.send("{\"event\":\"stop\"}");
    return socket.await("stopped").path("frames").longValue();
  }

  /// The code of the error that was told.
  public String awaitError() {
    return socket.await("error").path("code").stringValue();
  }

  public TestSocket socket() {
    return socket;
  }
}
