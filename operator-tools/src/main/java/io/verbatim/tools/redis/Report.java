package io.verbatim.tools.redis;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The state of the server's connections as a text for a ticket. It contains no secret.
///
/// @param server the server's address, without credentials
/// @param instances what the services say; no addresses if they were not asked
/// @param leaks the clients that grow
record Report(
    String server,
    Sample sample,
    Thresholds thresholds,
    ServiceInstances instances,
    List<GrowthCheck.Leak> leaks) {

  /// The level of the server, raised by a mismatch or a leak.
  Level level() {
    Level level = thresholds.level(sample);
    boolean isSuspicious = !leaks.isEmpty() || !instances.mismatches(sample).isEmpty();
    return level == Level.NORMAL && isSuspicious ? Level.WARNING : level;
  }

  /// One line, for a log.
  String line() {
    return "%s %s connected=%d maxclients=%d blocked=%d rejected=%d by=%s"
        .formatted(
            sample.time().truncatedTo(ChronoUnit.SECONDS),
            level(),
            sample.connected(),
            sample.maxClients(),
            sample.blocked(),
            sample.rejected(),
            sample.byName());
  }

  /// The whole text.
  String text() {
    int max = sample.maxClients();
    StringBuilder text = new StringBuilder();
    row(text, "Redis", server + ", version " + sample.version() + ", " + time());
    row(text, "Level", level().toString());
    row(
        text,
        "Connected",
        sample.connected() + " of " + max + " (maxclients), this command included: 1");
    row(
        text,
        "Thresholds",
        "warning from %d, critical from %d"
            .formatted(thresholds.warning().of(max), thresholds.critical().of(max)));
    row(text, "Blocked", sample.blocked() + " in a blocking command");
    row(text, "Rejected", sample.rejected() + " at the limit since the server's start");
    hostsByName()
        .forEach((name, hosts) -> {
          row(text, name, Integer.toString(hosts.values().stream().mapToInt(List::size).sum()));
          hosts.forEach(
              (_, connections) -> text.append("    ").append(host(connections)).append('\n'));
        });
    instances.answers().forEach(answer -> row(text, "Instance", answer));
    instances.mismatches(sample).forEach(mismatch -> row(text, "Mismatch", mismatch));
    leaks.forEach(leak -> row(text, "Leak", leak.toString()));
    row(text, "Advice", advice());
    return text.toString();
  }

  private static void row(StringBuilder text, String name, String value) {
    text.append("%-20s".formatted(name)).append(value).append('\n');
  }

  private String time() {
    return sample.time().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private Map<String, Map<String, List<ClientConnection>>> hostsByName() {
    return sample.connections().stream()
        .filter(connection -> connection.id() != sample.ownId())
        .collect(
            Collectors.groupingBy(
                ClientConnection::name,
                TreeMap::new,
                Collectors.groupingBy(ClientConnection::host, TreeMap::new, Collectors.toList())));
  }

  private static String host(List<ClientConnection> connections) {
    return "%-16s %d, oldest %d s, longest idle %d s"
        .formatted(
            connections.getFirst().host(),
            connections.size(),
            connections.stream().mapToLong(ClientConnection::ageSeconds).max().orElse(0),
            connections.stream().mapToLong(ClientConnection::idleSeconds).max().orElse(0));
  }

  private String advice() {
    if (!leaks.isEmpty()) {
      return "Restart the instances of the client that grows, one at a time, and report the leak.";
    }
    if (!instances.mismatches(sample).isEmpty()) {
      return "Find the instances that are not listed, or the clients that use a service's name.";
    }
    return switch (level()) {
      case NORMAL -> "Nothing to do.";
      case WARNING, CRITICAL ->
          "Each instance of a service needs one connection. Close other clients, or raise"
              + " maxclients. Run with --every 30s to tell a leak from normal use.";
    };
  }
}
