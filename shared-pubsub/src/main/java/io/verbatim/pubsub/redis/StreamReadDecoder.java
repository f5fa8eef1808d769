package io.verbatim.pubsub.redis;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Decodes the entries of one stream: what XREAD of that stream returns, or XRANGE.
final class StreamReadDecoder extends ReplyDecoder<List<StreamEntry>> {
  private final ReplyOutput reply = new ReplyOutput();
  private final boolean named;

  /// @param named whether the entries come below the stream's name, as from XREAD
  StreamReadDecoder(boolean named) {
    this.named = named;
  }

  @Override
  public void multi(int count) {
    reply.multi(count);
  }

  @Override
  public void set(ByteBuffer bytes) {
    reply.set(bytes);
  }

  @Override
  List<StreamEntry> decoded() {
    List<?> entries = reply.decoded().values();
    if (named) {
      entries =
          entries.size() == 2 && entries.getLast() instanceof List<?> ofStream
              ? ofStream
              : List.of();
    }
    return entries.stream().map(StreamReadDecoder::entry).toList();
  }

  private static StreamEntry entry(Object entry) {
    List<?> parts = (List<?>) entry;
    Map<String, byte[]> body = LinkedHashMap.newLinkedHashMap(8);
    if (parts.getLast() instanceof List<?> fields) {
      for (int i = 0; i + 1 < fields.size(); i += 2) {
        body.put(Reply.asText(fields.get(i)), (byte[]) fields.get(i + 1));
      }
    }
    return new StreamEntry(Reply.asText(parts.getFirst()), body);
  }

  @Override
  ReplyDecoder<List<StreamEntry>> fresh() {
    return new StreamReadDecoder(named);
  }
}
