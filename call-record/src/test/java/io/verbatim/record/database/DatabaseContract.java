package io.verbatim.record.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.verbatim.service.EventLoop;
import io.verbatim.service.Transport;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What both databases must do.
abstract class DatabaseContract {

  static EventLoop loop;

  @BeforeAll
  static void startLoop() {
    loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  }

  @AfterAll
  static void stopLoop() {
    loop.close();
  }

  /// The address of an empty database.
  abstract String url();

  static Database open(String url) {
    Database database = Database.open(DatabaseUrl.parse(url), loop);
    await().atMost(30, TimeUnit.SECONDS).until(database::isConnected);
    return database;
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void emptyDatabase_isMigratedOnceByTwoGateways() {
    String url = url();
    try (Database first = Database.open(DatabaseUrl.parse(url), loop);
        Database second = Database.open(DatabaseUrl.parse(url), loop)) {
      await().atMost(30, TimeUnit.SECONDS).until(() -> first.isConnected() && second.isConnected());

      assertThat(
              first.<Long>transact(
                  connection -> number(connection, "select count(*) from archived_call")))
          .isZero();
    }
  }

  @Test
  void request_runsOffTheLoopAndCompletesOnIt() {
    try (Database database = open(url())) {
      Thread worker =
          CompletableFuture.supplyAsync(
                  () ->
                      database
                          .request(_ -> Thread.currentThread())
                          .thenApply(thread -> {
                            loop.requireCurrent();
                            return thread;
                          }),
                  loop::execute)
              .thenCompose(stage -> stage)
              .join();

      assertThat(worker.isVirtual()).isTrue();
    }
  }

  @Test
  void failedWork_isRolledBackAndIsNoOutage() {
    try (Database database = open(url())) {
      database.transact(connection -> run(connection, "create table probe (n integer)"));

      assertThatThrownBy(() ->
              database.transact(connection -> {
                run(connection, "insert into probe values (1)");
                return run(connection, "insert into probe values ('secret')");
              }))
          .isInstanceOf(FailedStatementException.class)
          .hasMessageNotContaining("secret")
          .hasNoCause();
      assertThatThrownBy(() ->
              database.transact(connection -> {
                run(connection, "insert into probe values (1)");
                throw new IllegalStateException("mine");
              }))
          .isInstanceOf(IllegalStateException.class);

      assertThat(database.isConnected()).isTrue();
      assertThat(
              database.<Long>transact(
                  connection -> number(connection, "select count(*) from probe")))
          .isZero();
    }
  }

  @Test
  void closedDatabase_failsRequestsAtOnce() {
    Database database = open(url());
    database.close();

    assertThatThrownBy(() -> database.request(_ -> 1).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(DatabaseUnavailableException.class);
  }

  static boolean run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }
}
