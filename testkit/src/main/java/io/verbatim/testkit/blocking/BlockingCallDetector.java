package io.verbatim.testkit.blocking;

import io.netty.channel.SingleThreadIoEventLoop;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/// Fails a test class during which a service's event loop called a method that blocks: slept,
/// waited for another thread's result, read a file or opened a blocking socket. JUnit registers it
/// for every test class of a module that has the testkit. A lock that another thread holds for a
/// moment, as in an executor's queue or a buffer pool, is not reported: whether it is met depends
/// on the machine's load. Neither is a loop that ends: it waits for the threads that still wake it.
///
/// Event loops are recognised by the end of their thread's name. A blocking call is recorded and
/// then carried out, so that the service behaves as it does without the detector. Where test
/// classes run at the same time, the call may be reported by another class; its stack names the
/// place.
public final class BlockingCallDetector implements BeforeAllCallback, AfterAllCallback {
  /// The end of the thread name of each event loop of a service.
  public static final String LOOP_SUFFIX = "-loop";

  private static final Queue<BlockingOperationError> found = new ConcurrentLinkedQueue<>();

  static {
    BlockHound.install(builder ->
        builder
            .nonBlockingThreadPredicate(
                current -> current.or(thread -> thread.getName().endsWith(LOOP_SUFFIX)))
            .blockingMethodCallback(method -> record(new BlockingOperationError(method))));
  }

  private static void record(BlockingOperationError call) {
    if (Arrays.stream(call.getStackTrace()).noneMatch(BlockingCallDetector::isShort)) {
      found.add(call);
    }
  }

  /// Whether bytes are read from `/dev/urandom`, which does not wait, a lock is taken, or the loop
  /// ends.
  private static boolean isShort(StackTraceElement frame) {
    return frame.getClassName().equals(SecureRandom.class.getName())
        || frame.getClassName().equals(StampedLock.class.getName())
        || (frame.getClassName().equals(ReentrantLock.class.getName())
            && frame.getMethodName().equals("lock"))
        || (frame.getClassName().equals(SingleThreadIoEventLoop.class.getName())
            && frame.getMethodName().equals("cleanup"));
  }

  /// Takes the calls recorded since the last time.
  public static List<BlockingOperationError> takeRecorded() {
    return Stream.generate(found::poll).takeWhile(Predicate.not(Objects::isNull)).toList();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // The class is loaded now, which installs the detector before the first test.
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Map<String, BlockingOperationError> byCaller = new LinkedHashMap<>();
    takeRecorded().forEach(call -> byCaller.putIfAbsent(callerOf(call), call));
    if (!byCaller.isEmpty()) {
      throw new AssertionError(
          "Blocking calls on an event loop:\n"
              + byCaller.values().stream()
                  .map(BlockingCallDetector::stackOf)
                  .collect(Collectors.joining("\n")));
    }
  }

  /// The line of the project's code that led to a call, else the call itself.
  private static String callerOf(BlockingOperationError call) {
    return Arrays.stream(call.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("io.verbatim."))
        .filter(frame -> !frame.getClassName().startsWith(BlockingCallDetector.class.getName()))
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse(String.valueOf(call.getMessage()));
  }

  private static String stackOf(Throwable call) {
    StringWriter text = new StringWriter();
    call.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
