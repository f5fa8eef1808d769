package io.verbatim.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.process.ServiceJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checks the Dockerfiles without running them. [ImageIT] runs one.
class DockerfilesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void dockerfiles_differOnlyInServiceAndPort() {
    List<String> generic =
        List.of(ServiceJar.values()).stream()
            .map(jar ->
                dockerfile(jar)
                    .replace("-pl " + jar.module(), "-pl SERVICE")
                    .replace(jar.module() + "/Dockerfile", "SERVICE/Dockerfile")
                    .replace(jar.module() + "/target", "SERVICE/target")
                    .replace(jar.module() + ".jar", "SERVICE.jar")
                    .replace(jar.module() + "/jvm.options", "SERVICE/jvm.options")
                    .replaceAll("(PORT=|EXPOSE )" + port(jar), "$1PORT")
                    .replaceFirst("# Recordings: [^\n]*\nRUN [^\n]*\nRUN [^\n]*\n", ""))
            .distinct()
            .toList();

    assertThat(generic).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(ServiceJar.class)
  void dependencies_areCopiedBeforeSources(ServiceJar jar) {
    String dockerfile = dockerfile(jar);
    int firstMaven = dockerfile.indexOf("RUN ./mvnw");

    List<String> modules =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(read(ROOT.resolve("pom.xml")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(modules)
        .allSatisfy(module ->
            assertThat(dockerfile.indexOf("COPY " + module + "/pom.xml " + module + "/"))
                .as(module)
                .isBetween(1, firstMaven));
    assertThat(dockerfile.indexOf("/src/main")).isGreaterThan(firstMaven);
    assertThat(dockerfile.lines().filter(line -> line.startsWith("RUN ./mvnw")))
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).contains("-P '!format'").contains("-Dmaven.test.skip=true"));
  }

  @ParameterizedTest
  @EnumSource(ServiceJar.class)
  void baseImages_haveExactVersionsAndDigests(ServiceJar jar) {
    assertThat(dockerfile(jar).lines().filter(line -> line.startsWith("FROM eclipse-temurin")))
        .hasSize(2)
        .allMatch(line ->
            line.matches(
                "FROM eclipse-temurin:25\\.\\d+\\.\\d+_\\d+-j[dr][ke]-noble"
                    + "@sha256:[0-9a-f]{64} AS \\w+"));
  }

  @ParameterizedTest
  @EnumSource(ServiceJar.class)
  void user_isNumeric_andThePortIsTheService(ServiceJar jar) {
    assertThat(dockerfile(jar))
        .containsPattern("(?m)^USER [1-9]\\d*:[1-9]\\d*$")
        .contains("\nENV PORT=" + port(jar) + "\n")
        .contains("\nEXPOSE " + port(jar) + "\n");
  }

  /// The default in the service's `application.yml`.
  private static String port(ServiceJar jar) {
    return Pattern.compile("port: \\$\\{PORT:(\\d+)}")
        .matcher(
            read(
                ROOT.resolve(jar.module())
                    .resolve("src/main/resources")
                    .resolve(jar.module())
                    .resolve("application.yml")))
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  private static String dockerfile(ServiceJar jar) {
    return read(ROOT.resolve(jar.module()).resolve("Dockerfile"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
