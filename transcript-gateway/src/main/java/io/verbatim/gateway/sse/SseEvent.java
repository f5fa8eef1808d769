package io.verbatim.gateway.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// One event, encoded and framed once for all subscribers.
///
/// Its bytes are chunks of HTTP's chunked transfer coding: one with the `id:` line, if there is an
/// id, and one with the rest. The same bytes serve the stream of one call, which a client can
/// resume from the id, and a stream of many calls, which omits the first chunk. Confined to the
/// event loop.
public final class SseEvent {

  private static final byte[] NO_ID = {};
  private static final byte[] LINE_END = {'\r', '\n'};

  private final byte[] chunks;
  private final int body;
  private @Nullable ByteBuf shared;

  SseEvent(byte[] id, byte[] body) {
    var out = new ByteArrayOutputStream(id.length + body.length + 16);
    addChunk(out, id);
    this.body = out.size();
    addChunk(out, body);
    this.chunks = out.toByteArray();
  }

  SseEvent(byte[] body) {
    this(NO_ID, body);
  }

  private static void addChunk(ByteArrayOutputStream out, byte[] content) {
    if (content.length > 0) { // An empty chunk would end the response.
      out.writeBytes(Integer.toHexString(content.length).getBytes(US_ASCII));
      out.writeBytes(LINE_END);
      out.writeBytes(content);
      out.writeBytes(LINE_END);
    }
  }

  /// The number of bytes on the wire.
  public int size() {
    return chunks.length;
  }

  /// Copies the bytes into direct memory, from which every connection sends them until [#unshare].
  /// Without this each connection makes its own direct copy.
  public void share() {
    if (shared == null) {
      shared = ByteBufAllocator.DEFAULT.directBuffer(chunks.length).writeBytes(chunks);
    }
  }

  /// Frees the shared bytes when no connection sends them any more. Idempotent.
  public void unshare() {
    if (shared != null) {
      shared.release();
      shared = null;
    }
  }

  /// The event for a chunked response. The caller must release it.
  ByteBuf chunked(boolean withId) {
    int from = withId ? 0 : body;
    return shared == null
        ? Unpooled.wrappedBuffer(chunks, from, chunks.length - from)
        : shared.retainedDuplicate().readerIndex(from);
  }

  /// The event for a response without chunks. The caller must release it.
  ByteBuf unframed(boolean withId) {
    ByteBuf text = content(body, chunks.length);
    return withId && body > 0 ? Unpooled.wrappedBuffer(content(0, body), text) : text;
  }

  private ByteBuf content(int chunkFrom, int chunkTo) {
    int from = chunkFrom;
    while (chunks[from] != '\n') {
      from++;
    }
    from++;
    return Unpooled.wrappedBuffer(chunks, from, chunkTo - LINE_END.length - from);
  }
}
