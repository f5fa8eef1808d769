package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.CallId;

/// The names of the keys, which the package documentation lists. All keys start with one prefix, so
/// that two deployments can share a database.
final class Keys {
  static final String GROUP = "asr-workers";

  private final String prefix;
  private final String audioPrefix;
  private final String callPrefix;

  Keys(String prefix) {
    this.prefix = prefix;
    this.audioPrefix = prefix + "audio_stream:{";
    this.callPrefix = prefix + "call:{";
  }

  String announcements() {
    return prefix + "audio_stream";
  }

  String calls() {
    return prefix + "calls";
  }

  String deadLetters() {
    return prefix + "dead_letters";
  }

  String apiKeys() {
    return prefix + "api_keys";
  }

  /// A key that is written only to check whether the server sends invalidations.
  String probe(String id) {
    return prefix + "verbatim:probe:" + id;
  }

  boolean isProbe(String key) {
    return key.startsWith(probe(""));
  }

  String audio(CallId call) {
    return audioPrefix + call + "}";
  }

  void encodeCall(RespWriter out, CallId call) {
    out.ascii(callPrefix, call.value(), "}");
  }

  void encodeAudio(RespWriter out, CallId call) {
    out.ascii(audioPrefix, call.value(), "}");
  }

  String transcript(CallId call) {
    return prefix + "transcript:{" + call + "}";
  }

  String liveState(CallId call) {
    return transcript(call) + ":now";
  }

  String call(CallId call) {
    return callPrefix + call + "}";
  }
}
