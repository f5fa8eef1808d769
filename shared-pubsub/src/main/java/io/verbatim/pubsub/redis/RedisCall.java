package io.verbatim.pubsub.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.internal.ExceptionFactory;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One command and its reply in one object, for commands that are sent at every frame: the client's
/// own commands allocate several objects each.
///
/// Completes on the event loop, exceptionally with a [BusUnavailableException].
final class RedisCall<T> extends CompletableFuture<T> implements RedisCommand<String, byte[], T> {
  static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private static final String UNKNOWN_SCRIPT = "NOSCRIPT";

  /// Writes the whole command.
  @FunctionalInterface
  interface Encoder {
    void encode(RespWriter out, ByteBuf buffer);
  }

  private final CommandType type;
  private final Encoder encoder;
  private ReplyDecoder<T> decoder;
  private @Nullable Consumer<@Nullable Throwable> onAnswer;
  private @Nullable Runnable onUnknownScript;

  RedisCall(CommandType type, ReplyDecoder<T> decoder, Encoder encoder) {
    this.type = type;
    this.decoder = decoder;
    this.encoder = encoder;
  }

  /// Sets a listener that is called once, before this future completes.
  void onAnswer(Consumer<@Nullable Throwable> listener) {
    onAnswer = listener;
  }

  /// Sets what happens, once, if the server does not know the script: `resend` sends the same call
  /// again in another form.
  void onUnknownScript(Runnable resend) {
    onUnknownScript = resend;
  }

  private void answered(@Nullable Throwable failure) {
    Consumer<@Nullable Throwable> listener = onAnswer;
    onAnswer = null;
    if (listener != null) {
      listener.accept(failure);
    }
  }

  @Override
  public void complete() {
    Runnable resend = onUnknownScript;
    if (resend != null && decoder.hasError() && decoder.getError().startsWith(UNKNOWN_SCRIPT)) {
      answered(null);
      onUnknownScript = null;
      decoder = decoder.fresh();
      resend.run();
      return;
    }
    if (decoder.hasError()) {
      completeExceptionally(ExceptionFactory.createExecutionException(decoder.getError()));
      return;
    }
    answered(null);
    T decoded;
    try {
      decoded = decoder.decoded();
    } catch (RuntimeException unreadable) {
      super.completeExceptionally(unreadable);
      return;
    }
    complete(decoded);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    answered(failure);
    return super.completeExceptionally(
        failure instanceof BusUnavailableException
            ? failure
            : RedisConnection.unavailable(failure));
  }

  @Override
  public void cancel() {
    completeExceptionally(new BusUnavailableException("redis: connection lost"));
  }

  @Override
  public void encode(ByteBuf buffer) {
    encoder.encode(new RespWriter(buffer), buffer);
  }

  @Override
  public CommandOutput<String, byte[], T> getOutput() {
    return decoder;
  }

  @Override
  public @Nullable CommandArgs<String, byte[]> getArgs() {
    return null;
  }

  @Override
  public ProtocolKeyword getType() {
    return type;
  }

  @Override
  public void setOutput(CommandOutput<String, byte[], T> output) {
    throw new UnsupportedOperationException("The decoder is fixed.");
  }
}
