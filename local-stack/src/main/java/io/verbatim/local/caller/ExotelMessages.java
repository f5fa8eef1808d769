package io.verbatim.local.caller;

import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Exotel's messages in their wire form: snake case, and every number as a string.
record ExotelMessages(String callSid, String streamSid, String accountSid) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int FRAME_MS = 20;

  String connected() {
    return JSON.createObjectNode().put("event", "connected").toString();
  }

  String start(String from, String to, int sampleRateHz) {
    ObjectNode message = event("start", 1);
    ObjectNode start =
        message
            .putObject("start")
            .put("stream_sid", streamSid)
            .put("call_sid", callSid)
            .put("account_sid", accountSid)
            .put("from", from)
            .put("to", to);
    start
        .putObject("media_format")
        .put("encoding", "base64")
        .put("sample_rate", Integer.toString(sampleRateHz))
        .put("bit_rate", "128kbps");
    return message.toString();
  }

  /// @param frame the number of the frame, from 0
  String media(long frame, byte[] audio) {
    ObjectNode message = event("media", frame + 2);
    message
        .putObject("media")
        .put("chunk", Long.toString(frame + 1))
        .put("timestamp", Long.toString(frame * FRAME_MS))
        .put("payload", Base64.getEncoder().encodeToString(audio));
    return message.toString();
  }

  /// @param frames the number of media messages sent before
  String stop(long frames) {
    ObjectNode message = event("stop", frames + 2);
    message
        .putObject("stop")
        .put("call_sid", callSid)
        .put("account_sid", accountSid)
        .put("reason", "callended");
    return message.toString();
  }

  private ObjectNode event(String name, long sequence) {
    return JSON.createObjectNode()
        .put("event", name)
        .put("stream_sid", streamSid)
        .put("sequence_number", Long.toString(sequence));
  }
}
