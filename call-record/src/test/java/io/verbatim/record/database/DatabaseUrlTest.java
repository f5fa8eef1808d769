package io.verbatim.record.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "postgres://u:p@db/name, jdbc:postgresql://db:5432/name?",
    "postgresql://u:p@db:6432/name, jdbc:postgresql://db:6432/name?",
    "postgres://u:p@db/name?sslmode=require, jdbc:postgresql://db:5432/name?sslmode=require",
    "postgres://u:p@db/name?sslmode=verify-full&channel_binding=require,"
        + " jdbc:postgresql://db:5432/name?sslmode=verify-full&channelBinding=require",
    "postgres://u:p@[::1]:5433/name, jdbc:postgresql://[::1]:5433/name?",
  })
  void platformForm_becomesJdbcUrl(String given, String jdbc) {
    DatabaseUrl url = DatabaseUrl.parse(given);

    assertThat(url.dialect()).isEqualTo(Dialect.POSTGRES);
    assertThat(url.jdbcUrl().value()).isEqualTo(jdbc);
    assertThat(url.user()).isEqualTo("u");
    assertThat(url.password().value()).isEqualTo("p");
  }

  @Test
  void percentEncodedPassword_isDecoded() {
    DatabaseUrl url = DatabaseUrl.parse("postgres://me%40x:a%2Fb+c%3A@db/name");

    assertThat(url.user()).isEqualTo("me@x");
    assertThat(url.password().value()).isEqualTo("a/b+c:");
    assertThat(url.jdbcUrl().value()).doesNotContain("a/b");
  }

  @Test
  void jdbcForm_isUsedAsItIs() {
    assertThat(DatabaseUrl.parse("jdbc:postgresql://db/name?user=u&password=p").jdbcUrl().value())
        .isEqualTo("jdbc:postgresql://db/name?user=u&password=p");
    assertThat(DatabaseUrl.parse("jdbc:h2:file:/var/lib/record").jdbcUrl().value())
        .startsWith("jdbc:h2:file:/var/lib/record;MODE=PostgreSQL");
    assertThat(DatabaseUrl.parse("jdbc:h2:mem:x").dialect()).isEqualTo(Dialect.H2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:hidden@db/name",
        "postgres://u:hidden@db",
        "postgres://u:hidden@db/",
        "postgres://u:hid den@db/name",
        "postgres://u:hidden%@db/name",
        "jdbc:mysql://db/name?password=hidden",
        "postgres://u:hidden@db/name?target_session_attrs=any",
        "hidden",
      })
  void invalidForm_isRefusedWithoutSecrets(String given) {
    assertThatThrownBy(() -> DatabaseUrl.parse(given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("DATABASE_URL ")
        .hasMessageNotContaining("hid");
  }

  @Test
  void url_printsNoSecrets() {
    assertThat(DatabaseUrl.parse("postgres://u:hidden@db/name?sslmode=require").toString())
        .doesNotContain("hidden");
  }
}
