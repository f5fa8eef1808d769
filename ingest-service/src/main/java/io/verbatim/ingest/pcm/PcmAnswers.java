package io.verbatim.ingest.pcm;

import io.verbatim.pubsub.message.CallId;

/// What a pcm caller is told when all goes well. Call ids need no escaping.
final class PcmAnswers {
  private PcmAnswers() {}

  static String started(CallId call, long nextSeq) {
    return "{\"event\":\"started\",\"interaction_id\":\""
        + call
        + "\",\"next_seq\":"
        + nextSeq
        + "}";
  }

  static String ack(long seq) {
    return "{\"event\":\"ack\",\"seq\":" + seq + "}";
  }

  static String stopped(long frames) {
    return "{\"event\":\"stopped\",\"frames\":" + frames + "}";
  }
}
