package io.verbatim.local;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/// Ctrl-C and SIGTERM as calls to us. A shutdown hook would not do: the JVM runs all hooks at once,
/// and the one that ends Redis would take it from under the services before they have ended their
/// calls.
final class StopSignals {
  private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143);

  private StopSignals() {}

  /// Runs `stop` on a thread of the JVM, with the exit code that tells the signal. The API is the
  /// JVM's own and no part of Java SE, hence the reflection; where it is missing, the hooks have to
  /// do.
  static void on(IntConsumer stop) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      for (Map.Entry<String, Integer> code : EXIT_CODES.entrySet()) {
        Object stopping =
            Proxy.newProxyInstance(
                handler.getClassLoader(),
                new Class<?>[] {handler},
                (_, method, _) -> {
                  if (method.getName().equals("handle")) {
                    stop.accept(code.getValue());
                  }
                  return null;
                });
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(code.getKey()), stopping);
      }
    } catch (ReflectiveOperationException e) {
      RunLog.append("run.no_signals cause=" + e);
    }
  }
}
