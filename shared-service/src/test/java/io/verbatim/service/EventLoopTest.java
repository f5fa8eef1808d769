package io.verbatim.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.verbatim.testkit.blocking.BlockingCallDetector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;

class EventLoopTest {
  private static final int MORE_THAN_OFFLOAD_HOLDS = 300;

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void blockingCallOnTheLoop_isRecorded() {
    CountDownLatch never = new CountDownLatch(1);

    onLoop(() -> {
      try {
        return never.await(1, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });

    assertThat(BlockingCallDetector.takeRecorded())
        .first()
        .extracting(BlockingOperationError::getMessage)
        .asString()
        .contains("park");
  }

  @Test
  void blockingCallThatIsOffloaded_isNotRecorded() {
    CompletableFuture<Boolean> onLoop = new CompletableFuture<>();

    loop.offload(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS))
        .thenRun(() -> onLoop.complete(loop.isCurrent()));

    assertThat(onLoop.join()).isTrue();
    assertThat(BlockingCallDetector.takeRecorded()).isEmpty();
  }

  @Test
  void offloadBeyondItsQueue_isRejected() {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger rejected = new AtomicInteger();

    for (int i = 0; i < MORE_THAN_OFFLOAD_HOLDS; i++) {
      loop.offload(
              () -> {
                released.await();
                return true;
              })
          .exceptionally(failure -> {
            if (failure instanceof RejectedExecutionException) {
              rejected.incrementAndGet();
            }
            return false;
          });
    }

    assertThat(rejected).hasPositiveValue();
    released.countDown();
  }

  @Test
  void manyFlushesInOneTask_flushOnce() {
    AtomicInteger flushes = new AtomicInteger();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext context) {
                flushes.incrementAndGet();
              }
            });

    onLoop(() -> {
      for (int i = 0; i < 10; i++) {
        loop.flushLater(channel);
      }
      return flushes.get();
    });

    assertThat(onLoop(flushes::get)).isOne();
  }

  @Test
  void repeatedTaskThatFails_runsAgain() {
    AtomicInteger runs = new AtomicInteger();

    EventLoop.Timer timer =
        loop.every(
            Duration.ofMillis(1),
            () -> {
              runs.incrementAndGet();
              throw new IllegalStateException("for this test");
            });

    Awaitility.await().untilAsserted(() -> assertThat(runs).hasValueGreaterThan(1));
    timer.cancel();
  }

  @Test
  void requireCurrentOffTheLoop_namesTheThread() {
    assertThatIllegalStateException()
        .isThrownBy(loop::requireCurrent)
        .withMessageContaining(Thread.currentThread().getName());
  }

  private <T> T onLoop(Supplier<T> step) {
    return CompletableFuture.supplyAsync(step, loop.netty()).join();
  }
}
