package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.CallId;

/// The names of the keys; the package's doc draws them.
final class Keys {
  static final String ANNOUNCEMENTS = "audio_stream";
  static final String GROUP = "asr-workers";
  static final String CALLS = "calls";
  static final String DEAD_LETTERS = "dead_letters";

  private Keys() {}

  static String audio(CallId call) {
    return "audio_stream:{" + call + "}";
  }

  static void encodeCall(RespWriter out, CallId call) {
    out.ascii("call:{", call.value(), "}");
  }

  static void encodeAudio(RespWriter out, CallId call) {
    out.ascii("audio_stream:{", call.value(), "}");
  }

  static String transcript(CallId call) {
    return "transcript:{" + call + "}";
  }

  static String now(CallId call) {
    return "transcript:{" + call + "}:now";
  }

  static String call(CallId call) {
    return "call:{" + call + "}";
  }
}
