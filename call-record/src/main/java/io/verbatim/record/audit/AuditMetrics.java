package io.verbatim.record.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/// The meters of the audit log. Thread-safe.
final class AuditMetrics {

  private final Counter dropped;

  /// @param waiting reads the number of entries that are not written yet
  AuditMetrics(MeterRegistry registry, Supplier<Number> waiting) {
    dropped =
        Counter.builder("verbatim.gateway.audit.dropped")
            .description(
                "Audit entries that were dropped, because 10,000 waited or the database refused"
                    + " them")
            .register(registry);
    Gauge.builder("verbatim.gateway.audit.waiting", waiting)
        .description("Audit entries in memory that are not written yet")
        .register(registry);
  }

  void dropped() {
    dropped.increment();
  }
}
