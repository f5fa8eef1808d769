package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.WriteResult;
import java.nio.ByteBuffer;

/// Decodes what `append.lua` returns.
final class AudioAppendReply extends ReplyDecoder<WriteResult<AudioTail>> {
  private final AudioAppend append;
  private String word = "";
  private final long[] numbers = new long[3];
  private int parts;

  AudioAppendReply(AudioAppend append) {
    this.append = append;
  }

  @Override
  public void set(ByteBuffer bytes) {
    if (parts == 0) {
      word = is(bytes, "stored") ? "stored" : Reply.asText(copy(bytes));
    } else {
      numbers[parts - 1] = number(bytes);
    }
    parts++;
  }

  @Override
  WriteResult<AudioTail> decoded() {
    return switch (word) {
      case "stored" ->
          new WriteResult.Written<>(new AudioTail(append.end(), numbers[0], append.seq()));
      case "moved" -> new WriteResult.Moved<>(new AudioTail(numbers[0], numbers[1], numbers[2]));
      case "fenced" -> new WriteResult.Fenced<>();
      case "ended" -> new WriteResult.Ended<>();
      case "gone" -> new WriteResult.Gone<>();
      default -> throw new IllegalStateException("append.lua returned " + word);
    };
  }

  @Override
  ReplyDecoder<WriteResult<AudioTail>> fresh() {
    return new AudioAppendReply(append);
  }
}
