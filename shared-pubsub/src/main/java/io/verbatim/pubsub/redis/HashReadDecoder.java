package io.verbatim.pubsub.redis;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Decodes what HGETALL returns.
final class HashReadDecoder extends ReplyDecoder<Map<String, byte[]>> {
  private final ReplyOutput reply = new ReplyOutput();

  @Override
  public void multi(int count) {
    reply.multi(count);
  }

  @Override
  public void set(ByteBuffer bytes) {
    reply.set(bytes);
  }

  @Override
  Map<String, byte[]> decoded() {
    List<?> flat = reply.decoded().values();
    Map<String, byte[]> fields = LinkedHashMap.newLinkedHashMap(flat.size() / 2);
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(Reply.asText(flat.get(i)), (byte[]) flat.get(i + 1));
    }
    return fields;
  }

  @Override
  ReplyDecoder<Map<String, byte[]>> fresh() {
    return new HashReadDecoder();
  }
}
