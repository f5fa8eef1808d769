package io.verbatim.pubsub.redis;

import io.netty.buffer.ByteBuf;

/// Encodes a script call: by the script's digest, or by its text if the server did not know it.
final class ScriptCommand implements RedisCall.Encoder {
  private static final byte[] EVALSHA = Reply.bytes("EVALSHA");
  private static final byte[] EVAL = Reply.bytes("EVAL");

  private final Script script;
  private final ScriptArguments arguments;
  private boolean asText;

  ScriptCommand(Script script, ScriptArguments arguments) {
    this.script = script;
    this.arguments = arguments;
  }

  void sendText() {
    asText = true;
  }

  @Override
  public void encode(RespWriter out, ByteBuf buffer) {
    byte[] code = asText ? script.source() : script.digest();
    buffer.ensureWritable(code.length + arguments.size() + 64);
    out.array(3 + arguments.count());
    out.bytes(asText ? EVAL : EVALSHA);
    out.bytes(code);
    out.number(arguments.keys());
    arguments.encode(out);
  }
}
