package io.verbatim.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ServiceJar;
import io.verbatim.service.BadSettings;
import io.verbatim.service.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `java -jar <service>.jar --print-config`.
class PrintConfigIT {
  private static final String KEY = new LocalKeys(InstantSource.system()).publicKeyPem();

  @Test
  void printConfig_showsValueSourceAndDefault(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("verbatim.properties"), "\nACK_INTERVAL=5\n");
    JarRun run =
        JarRun.of(
            ServiceJar.INGEST,
            Map.of(
                "SPRING_CONFIG_IMPORT", file.toUri().toString(),
                "JWT_PUBLIC_KEY", KEY,
                "REDIS_URL", "rediss://user:marked-password@redis:6380",
                "SUPPORT_EXOTEL", "true",
                "EXOTEL_PATH_TOKEN", "marked-token",
                "MAX_CALLS", "300",
                "START_TIMEOUT", "10s",
                "JWT_ISSUER", "",
                "VERBATIM_LIMITS_MEDIA_TIMEOUT", "40s"),
            "--print-config");

    assertThat(run.status()).isZero();
    assertThat(run.output().getFirst())
        .matches("ingest-service \\S+ \\(commit ([0-9a-f]{12}|unknown)\\), Java 25.*");
    assertThat(run.line("MAX_CALLS")).matches("\\* MAX_CALLS +300 +environment variable +200");
    assertThat(run.line("START_TIMEOUT")).matches("  START_TIMEOUT +10s +environment variable");
    assertThat(run.line("PORT")).matches("  PORT +5000 +default");
    assertThat(run.line("JWT_ISSUER")).matches("  JWT_ISSUER +default");
    assertThat(run.line("ACK_INTERVAL"))
        .matches("\\* ACK_INTERVAL +5 +.*verbatim.properties.*:2 +10");
    assertThat(run.line("MEDIA_TIMEOUT"))
        .matches("\\* MEDIA_TIMEOUT +40s +environment variable +30s");
    assertThat(run.line("REDIS_URL")).contains(" rediss://***@redis:6380 ");
    assertThat(run.line("EXOTEL_PATH_TOKEN")).contains(" *** ");
    assertThat(run.line("JWT_PUBLIC_KEY")).matches(".* sha256:[0-9a-f]{12} .*");
    assertThat(String.join("\n", run.output())).doesNotContain("marked-", "PUBLIC KEY-");
  }

  @Test
  void parametersOfAUrl_areMasked() throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of(
            "JWT_PUBLIC_KEY",
            KEY,
            "DATABASE_URL",
            "jdbc:postgresql://db:5432/verbatim?user=x&password=marked-password");

    JarRun run = JarRun.of(ServiceJar.GATEWAY, settings, "--print-config");

    assertThat(run.line("DATABASE_URL")).contains(" jdbc:postgresql://db:5432/verbatim?*** ");
    assertThat(String.join("\n", run.output())).doesNotContain("marked-");
  }

  @ParameterizedTest
  @EnumSource(ServiceJar.class)
  void printConfig_listsEverySetting_andEndsWithWhatIsWrong(ServiceJar jar)
      throws IOException, InterruptedException {
    JarRun run = JarRun.of(jar, Map.of("PORT", "abc"), "--print-config");

    assertThat(run.status()).isEqualTo(1);
    assertThat(BadSettings.names(new Service(jar.module(), Object.class, Object.class)))
        .isNotEmpty()
        .allSatisfy(setting -> assertThat(run.line(setting)).isNotEmpty());
    assertThat(run.output().getLast())
        .isEqualTo("PORT must be a port from 0 to 65535, but is \"abc\"");
  }

  @Test
  void unknownArgument_isRefused() throws IOException, InterruptedException {
    JarRun run = JarRun.of(ServiceJar.WORKER, Map.of(), "--port=1");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .containsExactly(
            "Argument \"--port=1\" is unknown: use --print-config, or no argument and environment"
                + " variables");
  }
}
