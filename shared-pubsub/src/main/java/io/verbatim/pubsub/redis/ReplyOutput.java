package io.verbatim.pubsub.redis;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Decodes a script's reply into nested lists.
final class ReplyOutput extends ReplyDecoder<Reply> {
  private final Deque<List<Object>> open = new ArrayDeque<>();
  private final Deque<Integer> left = new ArrayDeque<>();
  private List<Object> root = List.of();

  @Override
  public void multi(int count) {
    List<Object> list = new ArrayList<>(Math.max(0, count));
    if (open.isEmpty()) {
      root = list;
    } else {
      add(list);
    }
    open.push(list);
    left.push(count);
    closeFull();
  }

  @Override
  public void set(ByteBuffer bytes) {
    add(bytes == null ? new byte[0] : copy(bytes));
    closeFull();
  }

  @Override
  public void set(long integer) {
    add(integer);
    closeFull();
  }

  private void add(Object value) {
    if (open.isEmpty()) {
      root = List.of(value);
      return;
    }
    open.element().add(value);
    left.push(left.pop() - 1);
  }

  private void closeFull() {
    while (!left.isEmpty() && left.element() <= 0) {
      left.pop();
      open.pop();
    }
  }

  @Override
  Reply decoded() {
    return new Reply(root);
  }

  @Override
  ReplyDecoder<Reply> fresh() {
    return new ReplyOutput();
  }
}
