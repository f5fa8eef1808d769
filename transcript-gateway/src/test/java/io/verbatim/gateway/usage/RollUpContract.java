package io.verbatim.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.record.CallRecords;
import io.verbatim.record.database.FailedStatementException;
import io.verbatim.record.usage.Usage;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Old usage is rolled up by month, on one database.
abstract class RollUpContract {

  private static final String WITH_PERSONAL_DATA =
      "select count(*) from archived_call where from_number is not null or from_hash is not null or"
          + " to_number is not null or to_hash is not null or language is not null";

  private final TestDatabase database;

  RollUpContract(TestDatabase database) {
    this.database = database;
  }

  @AfterEach
  void close() {
    database.close();
  }

  private RunningGateway gatewayOn(InMemoryBus bus) {
    return RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()));
  }

  private void archiveCalls() {
    try (InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway _ = gatewayOn(bus)) {
      for (int call = 0; call < 20; call++) {
        calls.begin("call-" + call, "acme").addFinal("one").end();
      }
      calls.begin("today", "acme").addFinal("one").end();
      await().until(() -> database.storedCalls() == 21);
    }
  }

  @Test
  void oldDays_areRolledUpOnceByManyGatewaysAtOnce() {
    archiveCalls();
    database.execute(
        "update archived_call set started_day = date '2024-02-10' where call_id <> 'today'");
    database.execute("update archived_call set content = 'expired' where call_id = 'call-7'");
    try (InMemoryBus empty = new InMemoryBus();
        RunningGateway gateway = gatewayOn(empty)) {
      Usage usage = gateway.bean(CallRecords.class).parts().orElseThrow().usage();
      await().until(() -> gateway.get("/health", "").body().contains("\"ok\""));

      CompletableFuture<?>[] runs = new CompletableFuture<?>[4];
      for (int run = 0; run < runs.length; run++) {
        runs[run] = CompletableFuture.runAsync(() -> rollUpAll(usage));
      }
      CompletableFuture.allOf(runs).join();

      JsonNode rows = usage(gateway, "from=2024-02-15&to=2024-03-01");
      assertThat(rows).hasSize(1);
      assertThat(rows.path(0).path("period").asString()).isEqualTo("2024-02");
      assertThat(rows.path(0).path("calls").asLong()).isEqualTo(20);
      assertThat(rows.path(0).path("receivedMs").asLong()).isEqualTo(20_000);
      assertThat(usage(gateway, "from=2024-03-01").path(0).path("calls").asLong()).isEqualTo(1);
    }
    assertThat(database.storedCalls()).isEqualTo(20);
    assertThat(database.number("select count(*) from archived_call where call_id = 'call-7'"))
        .isZero();
  }

  @Test
  void oldCounts_areRolledUpOnceByManyGatewaysAtOnce() {
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = gatewayOn(bus)) {
      CallRecords.Parts parts = gateway.bean(CallRecords.class).parts().orElseThrow();
      await().until(() -> gateway.get("/health", "").body().contains("\"ok\""));
      for (int count = 0; count < 25; count++) {
        database.execute(
            "insert into usage_count values ('%d', date '2024-02-%02d', 'acme', 'whisper', 2, 1)"
                .formatted(count, count % 20 + 1));
      }
      parts.usageCounter().recording("acme", "whisper");
      await().until(() -> database.number("select count(*) from usage_count") == 26);

      CompletableFuture<?>[] runs = new CompletableFuture<?>[4];
      for (int run = 0; run < runs.length; run++) {
        runs[run] = CompletableFuture.runAsync(() -> rollUpAll(parts.usage()));
      }
      CompletableFuture.allOf(runs).join();

      JsonNode rows = usage(gateway, "from=2024-02-01");
      assertThat(rows).hasSize(2);
      assertThat(rows.path(0).path("period").asString()).isEqualTo("2024-02");
      assertThat(rows.path(0).path("batchJobs").asLong()).isEqualTo(50);
      assertThat(rows.path(0).path("translations").asLong()).isEqualTo(25);
      assertThat(rows.path(1).path("batchJobs").asLong()).isEqualTo(1);
    }
  }

  @Test
  void callErasedBeforeItWasArchived_isCountedAndRolledUp() {
    try (InMemoryBus log = new InMemoryBus();
        CallFixture calls = new CallFixture(log);
        InMemoryBus empty = new InMemoryBus();
        RunningGateway gateway = gatewayOn(empty)) {
      CallRecords.Parts parts = gateway.bean(CallRecords.class).parts().orElseThrow();
      await().until(() -> gateway.get("/health", "").body().contains("\"ok\""));
      TestCall call = calls.begin("erased", "acme").addFinal("one").addGap(1_500, "log_lost");
      call.end();
      Optional<CallRecord> inLog = log.calls().find(call.id()).toCompletableFuture().join();

      parts.erasures().erase(call.id(), "acme", inLog, "token:a").toCompletableFuture().join();

      assertErasedCall(usage(gateway, "from=2024-03-01"));
      assertThat(database.number("select count(*) from archived_call where content = 'erased'"))
          .isEqualTo(1);
      assertThat(database.number(WITH_PERSONAL_DATA)).isZero();
      database.execute("update archived_call set started_day = date '2024-02-10'");
      rollUpAll(parts.usage());
      assertErasedCall(usage(gateway, "from=2024-02-01&to=2024-03-01"));
    }
    assertThat(database.number("select count(*) from archived_call")).isZero();
  }

  private static void assertErasedCall(JsonNode rows) {
    assertThat(rows).hasSize(1);
    JsonNode row = rows.path(0);
    assertThat(row.path("calls").asLong()).isEqualTo(1);
    assertThat(row.path("receivedMs").asLong()).isEqualTo(1_500);
    assertThat(row.path("transcribedMs").asLong()).isEqualTo(1_000);
    assertThat(row.path("gapMs").asLong()).isEqualTo(500);
    assertThat(row.path("finals").asLong()).isEqualTo(1);
  }

  private static JsonNode usage(RunningGateway gateway, String query) {
    return JsonMapper.shared()
        .readTree(gateway.get("/v1/usage?tenant=acme&" + query, TestTokens.operator()).body())
        .path("usage");
  }

  /// Repeats a conflict, as housekeeping does.
  private static void rollUpAll(Usage usage) {
    int done = 1;
    while (done > 0) {
      try {
        done = usage.rollUp(LocalDate.parse("2024-03-01"), 3);
      } catch (FailedStatementException conflict) {
        assertThat(conflict.state()).isIn("23505", "40001", "40P01");
      }
    }
  }
}
