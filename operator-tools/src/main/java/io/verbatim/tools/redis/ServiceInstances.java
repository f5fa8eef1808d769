package io.verbatim.tools.redis;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the instances of the services say about their connection, by their `/health`.
///
/// @param answers one line for each address
/// @param connected the number of instances that are connected to Redis, by client name
record ServiceInstances(List<String> answers, SortedMap<String, Integer> connected) {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /// Asks each instance.
  ///
  /// @param addresses base URLs of instances
  static ServiceInstances ask(List<URI> addresses) {
    List<String> answers = new ArrayList<>();
    SortedMap<String, Integer> connected = new TreeMap<>();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      for (URI address : addresses) {
        answers.add(address + "  " + ask(client, address.resolve("/health"), connected));
      }
    }
    return new ServiceInstances(answers, connected);
  }

  private static String ask(HttpClient client, URI health, SortedMap<String, Integer> connected) {
    try {
      HttpRequest request = HttpRequest.newBuilder(health).timeout(TIMEOUT).build();
      JsonNode answer =
          JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
      String service = answer.path("service").asString("unknown service");
      List<String> problems =
          answer.path("problems").valueStream().map(problem -> problem.asString("")).toList();
      if (problems.stream().noneMatch(problem -> problem.startsWith("redis: not connected"))) {
        connected.merge(clientName(service), 1, Integer::sum);
      }
      return service + "  " + (problems.isEmpty() ? "ok" : String.join("; ", problems));
    } catch (IOException | JacksonException | IllegalArgumentException failure) {
      return "no answer: " + failure;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /// The name under which a service connects to Redis.
  private static String clientName(String service) {
    return service.equals("ingest") ? "ingest-service" : service;
  }

  /// Where the server and the services differ. Each instance holds one connection.
  List<String> mismatches(Sample sample) {
    List<String> mismatches = new ArrayList<>();
    connected.forEach((name, instances) -> {
      int connections = sample.byName().getOrDefault(name, 0);
      if (connections != instances) {
        mismatches.add(
            "%s: %d instances say that they are connected, the server has %d connections"
                .formatted(name, instances, connections));
      }
    });
    return mismatches;
  }
}
