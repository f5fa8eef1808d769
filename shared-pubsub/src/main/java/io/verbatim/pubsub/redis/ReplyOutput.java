package io.verbatim.pubsub.redis;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/// Decodes a reply into nested lists, and those into a value.
final class ReplyOutput<T> extends ReplyDecoder<T> {
  private final Function<Reply, T> mapping;
  private final Deque<List<Object>> open = new ArrayDeque<>();
  private final Deque<Integer> left = new ArrayDeque<>();
  private List<Object> root = List.of();

  ReplyOutput(Function<Reply, T> mapping) {
    this.mapping = mapping;
  }

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
  T decoded() {
    return mapping.apply(new Reply(root));
  }

  @Override
  ReplyDecoder<T> fresh() {
    return new ReplyOutput<>(mapping);
  }
}
