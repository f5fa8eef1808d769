package io.verbatim.gateway.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A record that was backed up, dropped and restored as docs/operators.md says gives the same
/// answers as before, and continues.
abstract class BackupContract {

  private static final String OPERATOR = TestTokens.operator();
  private static final List<String> CALLS = List.of("short", "stereo", "long", "foreign");
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /// Creates an empty database. Returns its `DATABASE_URL`.
  abstract String create(Path directory);

  /// Backs the database up, with or without running gateways as the document says, and removes it.
  ///
  /// @param gateway is stopped if the database must not be open
  abstract void backUpAndDrop(Path directory, RunningGateway gateway)
      throws IOException, InterruptedException;

  abstract void restore(Path directory) throws IOException, InterruptedException;

  @Test
  void restoredRecord_givesTheSameAnswersAndContinues(@TempDir Path directory)
      throws IOException, InterruptedException {
    String url = create(directory);
    String key = archive(url);
    Map<String, String> before;
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", url))) {
      before = answers(gateway);
      backUpAndDrop(directory, gateway);
    }
    restore(directory);

    try (InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", url))) {
      assertThat(answers(gateway)).isEqualTo(before);
      assertThat(before.get("/v1/search?q=kettle")).contains("the red kettle");
      await()
          .atMost(TIMEOUT)
          .until(() -> gateway.get("/v1/calls/short", "", "x-api-key", key).statusCode() == 200);
      calls.begin("later", "acme").addFinal("a kettle after the restore").end();
      awaitArchived(gateway, 1);
      assertThat(gateway.get("/v1/search?q=restore", OPERATOR).body())
          .contains("a kettle after the restore");
    }
  }

  /// Archives calls. Returns an API key.
  private static String archive(String url) {
    try (InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", url))) {
      calls
          .begin("short", "acme")
          .addFinal("hello \0 and goodbye")
          .addGap(3_000, "log_lost")
          .addSilence()
          .endUnconfirmed(Words.words("u", 4_000, 5_001, "perhaps"));
      TestCall stereo = calls.beginStereo("stereo", "acme");
      stereo.addFinal(Words.words("a", 0, 0, 1_000, "which kettle do you mean"));
      stereo.addFinal(Words.words("b", 1, 0, 1_503, "the red kettle")).end();
      calls.begin("long", "acme").addLines(321).end();
      calls.begin("foreign", "globex").addFinal("another kettle").end();
      calls.begin("erased", "acme").addFinal("a forgotten kettle").end();
      awaitArchived(gateway, 5);
      gateway.send(gateway.request("/v1/calls/erased", OPERATOR).DELETE());
      JsonNode created =
          JsonMapper.shared()
              .readTree(
                  gateway
                      .send(
                          gateway
                              .request("/v1/api-keys", OPERATOR)
                              .POST(
                                  BodyPublishers.ofString(
                                      "{\"name\":\"crm\",\"tenant\":\"acme\",\"scopes\":[\"transcripts:read\"]}")))
                      .body());
      return created.path("key").asString();
    }
  }

  private static void awaitArchived(RunningGateway gateway, int calls) {
    await()
        .atMost(TIMEOUT)
        .until(() ->
            gateway.metrics().contains("verbatim_gateway_archived_calls_total " + calls + ".0"));
  }

  private static Map<String, String> answers(RunningGateway gateway) {
    await()
        .atMost(TIMEOUT)
        .until(() -> gateway.get("/v1/calls/short", OPERATOR).statusCode() == 200);
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/v1/calls?state=all",
                "/v1/calls/erased",
                "/v1/search?q=kettle",
                "/v1/search?q=line&limit=50",
                "/v1/usage",
                "/v1/usage?format=csv",
                "/v1/api-keys"));
    for (String call : CALLS) {
      paths.add("/v1/calls/" + call);
      for (String format : List.of("json", "txt", "vtt", "srt", "sse")) {
        paths.add("/v1/calls/" + call + "/transcript?format=" + format);
      }
    }
    Map<String, String> answers = new TreeMap<>();
    paths.forEach(path -> answers.put(path, gateway.get(path, OPERATOR).body()));
    return answers;
  }
}
