package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.WriterLiveness;

/// The keys and arguments of `append.lua`.
record AppendArguments(AudioAppend append, Keys keyNames, RedisSettings settings)
    implements ScriptArguments {
  private static final int KEYS = 2;
  private static final int ARGUMENTS = 10;
  private static final int TRIM_ARGUMENTS = 3;

  /// An append trims the log when the call's audio passes a multiple of this: about once a second
  /// of 8 kHz linear audio.
  private static final int TRIM_STEP_BYTES = 16 * 1024;

  private boolean trims() {
    return append.expectedTail() / TRIM_STEP_BYTES != append.end() / TRIM_STEP_BYTES;
  }

  @Override
  public int keys() {
    return KEYS;
  }

  @Override
  public int count() {
    return KEYS + ARGUMENTS + (trims() ? TRIM_ARGUMENTS : 0);
  }

  @Override
  public int size() {
    return append.pcm().length + 2 * append.call().value().length() + 512;
  }

  @Override
  public void encode(RespWriter out) {
    keyNames.encodeCall(out, append.call());
    keyNames.encodeAudio(out, append.call());
    out.text(append.writer());
    out.number(append.expectedTail());
    out.number(append.end());
    out.id(append.end(), 0);
    out.number(append.seq());
    out.number(append.partialBytes());
    out.bytes(append.pcm());
    out.number(append.arrivedMillis());
    out.number(append.end() - append.pcm().length - append.expectedTail());
    out.number(settings.liveExpiry().toMillis());
    if (trims()) {
      out.number(settings.audioRetention().toMillis());
      out.number(append.mostUnreadBytes());
      out.number(WriterLiveness.MAX_CHECK_INTERVAL.toMillis());
    }
  }
}
