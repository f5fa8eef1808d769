package io.verbatim.record.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.verbatim.testkit.network.TcpRoute;
import io.verbatim.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresDatabaseIT extends DatabaseContract {

  @Override
  String url() {
    return PostgresServer.shared().create().url();
  }

  @Test
  void databaseThatIsAway_failsFastAndIsFoundAgain() {
    PostgresServer.Database real = PostgresServer.shared().create();
    try (TcpRoute route = TcpRoute.to(() -> PostgresServer.shared().port());
        Database database = open(real.url(route.port()))) {
      route.block();
      route.cut();
      await().atMost(20, TimeUnit.SECONDS).until(() -> !database.isConnected());

      long began = System.nanoTime();
      for (int request = 0; request < 1_000; request++) {
        assertThatThrownBy(() -> database.transact(_ -> 1))
            .isInstanceOf(DatabaseUnavailableException.class);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
      assertThat(database.problem().orElseThrow()).startsWith("database: not connected for ");

      route.unblock();
      await().atMost(30, TimeUnit.SECONDS).until(database::isConnected);
      assertThat(database.<Integer>transact(_ -> 1)).isEqualTo(1);
      assertThat(database.problem()).isEmpty();
    }
  }

  @Test
  void databaseThatIsMissingAtTheStart_isFoundLater() {
    PostgresServer.Database real = PostgresServer.shared().create();
    try (TcpRoute route = TcpRoute.to(() -> PostgresServer.shared().port())) {
      route.block();
      try (Database database = Database.open(DatabaseUrl.parse(real.url(route.port())), loop)) {
        assertThat(database.isConnected()).isFalse();
        route.unblock();

        await().atMost(30, TimeUnit.SECONDS).until(database::isConnected);
      }
    }
  }

  @Test
  void serverThatEndsConnections_isNoticedAndRetried() {
    PostgresServer.Database real = PostgresServer.shared().create();
    try (Database database = open(real.url())) {
      assertThatThrownBy(() ->
              database.transact(connection -> {
                real.disconnectAll();
                return number(connection, "select 1");
              }))
          .isInstanceOf(DatabaseUnavailableException.class);

      await().atMost(20, TimeUnit.SECONDS).until(database::isConnected);
    }
  }

  @Test
  void manyRequests_useAtMostFiveConnectionsAndARefusalAboveTheQueue() {
    PostgresServer.Database real = PostgresServer.shared().create();
    try (Database database = open(real.url())) {
      List<CompletableFuture<Long>> requests = new ArrayList<>();
      for (int request = 0; request < 400; request++) {
        requests.add(
            database
                .request(connection ->
                    number(
                        connection,
                        "select count(*) from pg_stat_activity where datname = '"
                            + real.name()
                            + "' and pid = pid + 0 * length(pg_sleep(0.01)::text)"))
                .toCompletableFuture());
      }
      CompletableFuture.allOf(requests.toArray(new CompletableFuture<?>[0]))
          .exceptionally(_ -> null)
          .join();

      assertThat(requests)
          .filteredOn(request -> !request.isCompletedExceptionally())
          .hasSizeGreaterThanOrEqualTo(128)
          .allSatisfy(request -> assertThat(request.join()).isBetween(1L, 5L));
      assertThat(requests)
          .filteredOn(CompletableFuture::isCompletedExceptionally)
          .isNotEmpty()
          .allSatisfy(request ->
              assertThat(request.exceptionNow()).isInstanceOf(DatabaseUnavailableException.class));
      assertThat(database.isConnected()).isTrue();
    }
  }
}
