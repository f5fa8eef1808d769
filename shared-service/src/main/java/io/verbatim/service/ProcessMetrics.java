package io.verbatim.service;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the process was built from, and its memory as the platform sees it, which ends a process
/// above its limit.
public final class ProcessMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final int BYTES_PER_KB = 1024;

  private ProcessMetrics() {}

  /// Registers the meters. A scrape reads a file, so it must not run on the event loop.
  ///
  /// @param service the service's name in metrics, such as `ingest`
  public static void register(MeterRegistry registry, String service) {
    Build build = Build.current();
    Gauge.builder("verbatim." + service + ".build.info", () -> 1)
        .description("1, with the version and the commit as labels")
        .tags(Tags.of("version", build.version(), "commit", build.commit()))
        .register(registry);
    String prefix = "verbatim." + service + ".memory.";
    gauge(
        registry,
        prefix + "resident",
        "Resident memory of the process; NaN where Linux does not tell it",
        ProcessMetrics::residentBytes);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    gauge(
        registry,
        prefix + "limit",
        "Memory limit of the container, else the memory of the machine",
        system::getTotalMemorySize);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value)
        .description(description)
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  static double residentBytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToDouble(kilobytes -> Double.parseDouble(kilobytes) * BYTES_PER_KB)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException | UncheckedIOException noProcFileSystem) {
      return Double.NaN;
    }
  }
}
