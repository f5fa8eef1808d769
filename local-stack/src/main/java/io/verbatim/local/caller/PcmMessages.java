package io.verbatim.local.caller;

import io.verbatim.local.audio.WavFile;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The text messages of a pcm client.
final class PcmMessages {
  private PcmMessages() {}

  static String start(String interactionId, String tenantId, WavFile wav) {
    ObjectNode start =
        JsonMapper.shared()
            .createObjectNode()
            .put("event", "start")
            .put("interaction_id", interactionId)
            .put("tenant_id", tenantId)
            .put("sample_rate", wav.sampleRateHz())
            .put("encoding", wav.coding().wireName());
    if (wav.channels() > 1) {
      start.put("channels", wav.channels());
    }
    return start.toString();
  }

  static String stop() {
    return "{\"event\":\"stop\"}";
  }
}
