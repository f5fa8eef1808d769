package io.verbatim.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.ServerStats;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The meters of a service's bus and of the bus's server. A scrape reads what the bus knows, and
/// sends nothing to the server.
///
/// A figure that the server has not reported is NaN.
public final class BusMetrics {
  /// The names under which the services connect. The connections of all other clients are one sum,
  /// because clients choose their names.
  private static final List<String> CLIENTS =
      List.of("ingest-service", "asr-worker", "transcript-gateway");

  private final MeterRegistry registry;
  private final String prefix;
  private final Bus bus;

  private BusMetrics(MeterRegistry registry, String service, Bus bus) {
    this.registry = registry;
    this.prefix = "verbatim." + service + ".redis.";
    this.bus = bus;
  }

  /// Registers the meters.
  ///
  /// @param service the service's name in metrics, such as `ingest`
  /// @param clientsWarn the number of the server's connections from which a warning is logged
  /// @param clientsCritical the number from which an error is logged
  public static void register(
      MeterRegistry registry, String service, Bus bus, int clientsWarn, int clientsCritical) {
    BusMetrics metrics = new BusMetrics(registry, service, bus);
    metrics.registerConnection();
    metrics.registerServer();
    metrics.registerClients(clientsWarn, clientsCritical);
  }

  private void registerConnection() {
    gauge(
        "connected",
        null,
        "1 while Redis answers, else 0",
        connection -> connection.health() instanceof BusHealth.Away ? 0 : 1);
    gauge(
        "tracking",
        null,
        "1 if Redis notifies of changes, 0 if they are polled",
        connection -> connection.stats().tracking() ? 1 : 0);
    gauge(
        "commands.unanswered",
        null,
        "Commands that wait for an answer, once a second",
        connection -> connection.stats().unanswered());
    FunctionCounter.builder(
            prefix + "connections.opened", bus, connection -> connection.stats().connections())
        .description("Connections to Redis opened, the first one included")
        .register(registry);
    FunctionTimer.builder(
            prefix + "round.trip",
            bus,
            connection -> connection.stats().roundTrips(),
            connection -> connection.stats().roundTripNanos(),
            TimeUnit.NANOSECONDS)
        .description("Time from a heartbeat to the answer of Redis, one a second")
        .register(registry);
  }

  private void registerServer() {
    server("connections", null, "Connections of all clients of Redis", ServerStats::connections);
    server(
        "connections.max",
        null,
        "Connections that Redis accepts (maxclients)",
        ServerStats::maxConnections);
    FunctionCounter.builder(
            prefix + "server.connections.rejected",
            bus,
            connection -> value(connection, ServerStats::rejectedConnections))
        .description("Connections that Redis refused because of maxclients, since its start")
        .register(registry);
    server(
        "clients.blocked",
        null,
        "Clients of Redis that wait in a blocking command",
        ServerStats::blockedClients);
    server("memory.used", BaseUnits.BYTES, "Memory that Redis uses", ServerStats::usedBytes);
    server(
        "memory.max",
        BaseUnits.BYTES,
        "Memory that Redis may use (maxmemory), 0 without a limit",
        ServerStats::maxBytes);
    server(
        "evicting",
        null,
        "1 if the eviction policy of Redis is not noeviction",
        stats -> OptionalLong.of(stats.evicting() ? 1 : 0));
    server("dead.letters", null, "Dead letters in the list", ServerStats::deadLetters);
    server(
        "calls.unclaimed", null, "Calls that no worker has claimed", ServerStats::unclaimedCalls);
  }

  private void registerClients(int warn, int critical) {
    CLIENTS.forEach(name -> client(name, clients -> clients.getOrDefault(name, 0L)));
    client(
        "other",
        clients ->
            clients.entrySet().stream()
                .filter(client -> !CLIENTS.contains(client.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum());
    limit("warning", warn);
    limit("critical", critical);
  }

  private void client(String name, Function<Map<String, Long>, Long> count) {
    Gauge.builder(
            prefix + "server.clients",
            bus,
            connection ->
                connection
                    .stats()
                    .server()
                    .map(ServerStats::connectionsByClient)
                    .filter(clients -> !clients.isEmpty())
                    .map(clients -> (double) count.apply(clients))
                    .orElse(Double.NaN))
        .description("Connections to Redis by the name of the client")
        .tags(Tags.of("client", name))
        .register(registry);
  }

  private void limit(String severity, int connections) {
    Gauge.builder(prefix + "server.connections.limit", () -> connections)
        .description("Connections from which the log has an alert (REDIS_CLIENTS_WARN, _CRITICAL)")
        .tags(Tags.of("severity", severity))
        .register(registry);
  }

  private void server(
      String name,
      @Nullable String unit,
      String description,
      Function<ServerStats, OptionalLong> figure) {
    gauge("server." + name, unit, description, connection -> value(connection, figure));
  }

  /// A figure of the server; NaN until it is known. A counter that began at 0 would seem to grow
  /// when the server's count since its own start arrives.
  private static double value(Bus bus, Function<ServerStats, OptionalLong> figure) {
    OptionalLong value = bus.stats().server().map(figure).orElseGet(OptionalLong::empty);
    return value.isPresent() ? value.getAsLong() : Double.NaN;
  }

  private void gauge(
      String name, @Nullable String unit, String description, ToDoubleFunction<Bus> value) {
    Gauge.builder(prefix + name, bus, value)
        .description(description)
        .baseUnit(unit)
        .register(registry);
  }
}
