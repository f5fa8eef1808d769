package io.verbatim.gateway.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.testkit.postgres.PostgresServer;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An erased number and the words of its calls are in no file of Redis and of the database, in no
/// log and in no answer. The files are rewritten first, as docs/operators.md says.
class ErasedNumberIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String DIGITS = "9123456780";
  private static final List<String> WORDS = List.of("zirconium", "quasar", "marmalade");
  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String OPERATOR = TestTokens.operator();
  private static final String ERASER =
      TestTokens.token(claims -> claims.claim("tenant_id", "acme").claim("scope", Viewer.ERASE));

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @Test
  void erasedNumber_isInNoFileOfPostgres() throws IOException {
    PostgresServer.Database database = PostgresServer.shared().create();
    Path data = PostgresServer.shared().data();
    Predicate<Path> isTable = file -> !file.startsWith(data.resolve("pg_wal"));

    eraseCalls(
        database.url(),
        () -> {
          database.execute("analyze archived_line");
          database.execute("checkpoint");
          assertThat(found(data, isTable)).containsAll(WORDS);
        });

    database.execute("vacuum (full, analyze) archived_call, archived_page, archived_line");
    database.execute("vacuum full pg_statistic");
    database.execute("checkpoint");
    assertThat(found(data, isTable)).isEmpty();
    assertThat(found(data, file -> true)).doesNotContain(DIGITS);
  }

  @Test
  void erasedNumber_isInNoFileOfH2(@TempDir Path directory) throws IOException, SQLException {
    String url = "jdbc:h2:file:" + directory.resolve("record");

    eraseCalls(
        url,
        () ->
            await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(found(directory, _ -> true)).containsAll(WORDS)));

    DatabaseUrl parsed = DatabaseUrl.parse(url);
    try (Connection connection = DriverManager.getConnection(parsed.jdbcUrl().value());
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown compact");
    }
    assertThat(found(directory, _ -> true)).isEmpty();
    assertThat(directory.resolve("record.mv.db")).isNotEmptyFile();
  }

  private void eraseCalls(String databaseUrl, Runnable beforeErasure) throws IOException {
    try (RedisServer redis = RedisServer.startDurable()) {
      redis.commands().configSet("rdbcompression", "no");
      Path data = Path.of(redis.commands().configGet("dir").get("dir"));
      try (Bus bus = TestBus.on(redis.url());
          CallFixture calls = new CallFixture(bus);
          RunningGateway gateway =
              RunningGateway.on(
                  redis.url(), Map.of("DATABASE_URL", databaseUrl, "LOG_LEVEL", "trace"))) {
        root().addAppender(log);
        log.start();
        calls.begin("erased-1", "acme", "+91" + DIGITS).addFinal(String.join(" ", WORDS)).end();
        calls.begin("erased-2", "acme", "0" + DIGITS).addFinal("marmalade breakfast").end();
        calls.begin("kept", "acme", "+915550001111").addFinal("ordinary talk").end();
        await()
            .atMost(TIMEOUT)
            .until(() ->
                Stream.of("quasar", "breakfast", "ordinary")
                    .allMatch(word -> answered(gateway, "/v1/search?q=" + word).contains("seq")));
        assertThat(found(answers(gateway))).contains(DIGITS).containsAll(WORDS);
        assertThat(found(data, _ -> true)).contains(DIGITS).containsAll(WORDS);
        beforeErasure.run();

        erase(gateway);

        assertThat(found(answers(gateway))).isEmpty();
        assertThat(answers(gateway)).contains("ordinary talk", "number:");
      } finally {
        root().detachAppender(log);
      }
      rewrite(redis, data);
    }
    assertThat(logged()).contains("call.archived", "call.erased");
    assertThat(found(logged())).isEmpty();
  }

  private void erase(RunningGateway gateway) {
    try (EventReader page = gateway.events("/v1/live?call=erased-1", AGENT)) {
      page.awaitEvent("ended");
      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request("/v1/erasures", ERASER)
                  .POST(BodyPublishers.ofString("{\"number\":\"+91" + DIGITS + "\"}")));
      assertThat(answer.body()).contains("\"erased-1\"", "\"erased-2\"");
      page.awaitEvent("erased");
    }
    await()
        .atMost(TIMEOUT)
        .until(() -> gateway.get("/v1/audit", OPERATOR).body().contains("number:"));
  }

  /// Every answer of the gateway in which the calls could be, for an agent and an operator.
  private static String answers(RunningGateway gateway) {
    StringBuilder answers = new StringBuilder(gateway.metrics());
    for (String token : List.of(AGENT, OPERATOR)) {
      for (String call : List.of("erased-1", "erased-2", "kept")) {
        answers.append(gateway.get("/v1/calls/" + call, token).body());
        for (String format : List.of("json", "txt", "vtt", "srt")) {
          answers.append(
              gateway.get("/v1/calls/" + call + "/transcript?format=" + format, token).body());
        }
      }
      for (String path :
          List.of("/v1/calls?state=all", "/v1/search?q=marmalade", "/v1/search?q=zirconium")) {
        answers.append(gateway.get(path, token).body());
      }
    }
    answers.append(gateway.get("/v1/usage?format=csv", OPERATOR).body());
    answers.append(gateway.get("/v1/audit?limit=500", OPERATOR).body());
    return answers.append(gateway.get("/v1/dead-letters", OPERATOR).body()).toString();
  }

  private static String answered(RunningGateway gateway, String path) {
    return gateway.get(path, AGENT).body();
  }

  /// Rewrites the append-only file and the snapshot, and awaits that both are free of the calls.
  private static void rewrite(RedisServer redis, Path data) {
    redis.commands().bgrewriteaof();
    await()
        .atMost(TIMEOUT)
        .until(() -> redis.commands().info("persistence").contains("aof_rewrite_in_progress:0"));
    redis.commands().save();
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(found(data, _ -> true)).isEmpty());
    assertThat(data.resolve("dump.rdb")).isNotEmptyFile();
  }

  private static ch.qos.logback.classic.Logger root() {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private String logged() {
    return List.copyOf(log.list).stream()
        .map(event ->
            event.getFormattedMessage()
                + event.getMDCPropertyMap()
                + (event.getThrowableProxy() == null
                    ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy())))
        .collect(Collectors.joining("\n"));
  }

  /// The digits and words that the files contain.
  private static List<String> found(Path directory, Predicate<Path> wanted) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).filter(wanted).toList()) {
        found.addAll(found(content(file)));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return found.stream().distinct().toList();
  }

  /// A server deletes files while they are listed.
  private static String content(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), ISO_8859_1);
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  private static List<String> found(String text) {
    return Stream.concat(Stream.of(DIGITS), WORDS.stream()).filter(text::contains).toList();
  }
}
