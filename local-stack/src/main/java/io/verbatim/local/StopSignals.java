package io.verbatim.local;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/// Handles Ctrl-C and SIGTERM. Shutdown hooks are not enough: the JVM runs all hooks at the same
/// time, so the hook that ends Redis would run before the services have ended their calls.
final class StopSignals {
  private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143);

  private StopSignals() {}

  /// Runs `stop` on a thread of the JVM, with the exit code of the signal. The API is not part of
  /// Java SE, so it is called by reflection. If it is missing, only the shutdown hooks run.
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
      RunLog.append("run.signals_unavailable reason=\"" + e + "\"");
    }
  }
}
