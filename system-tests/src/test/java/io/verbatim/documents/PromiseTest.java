package io.verbatim.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checks that the table in docs/promise.md has every rule, and that every named test exists.
class PromiseTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int RULES = 16;
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*$");
  private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  private static List<MatchResult> rows() throws IOException {
    return ROW.matcher(Files.readString(ROOT.resolve("docs/promise.md"))).results().toList();
  }

  @Test
  void everyRule_namesATest() throws IOException {
    assertThat(rows())
        .extracting(row -> Integer.parseInt(row.group(1)))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, RULES).boxed().toList());
    assertThat(rows()).allMatch(row -> NAMED_TEST.matcher(row.group()).find());
  }

  @Test
  void everyNamedTest_exists() throws IOException {
    Map<String, String> tests = sourcesOfTests();
    List<String> missing = new ArrayList<>();
    for (MatchResult row : rows()) {
      NAMED_TEST
          .matcher(row.group())
          .results()
          .filter(test -> !isIn(tests.getOrDefault(test.group(1), ""), test.group(2)))
          .forEach(test -> missing.add("rule " + row.group(1) + ": " + test.group()));
    }

    assertThat(missing).isEmpty();
  }

  private static boolean isIn(String source, String method) {
    String annotated = "@(?:Test|ParameterizedTest)\\b(?:(?!\\bvoid\\b).)*\\bvoid ";
    return Pattern.compile(annotated + method + "\\(", Pattern.DOTALL).matcher(source).find();
  }

  /// Test sources by class name.
  private static Map<String, String> sourcesOfTests() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path module : modules()) {
      try (Stream<Path> files = Files.walk(module.resolve("src"))) {
        for (Path file : files.filter(PromiseTest::isTest).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.put(name, Files.readString(file));
        }
      }
    }
    return sources;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> directories = Files.list(ROOT)) {
      return directories.filter(directory -> Files.isDirectory(directory.resolve("src"))).toList();
    }
  }

  private static boolean isTest(Path file) {
    return file.getFileName().toString().matches("\\w+(Test|IT|Contract)\\.java");
  }
}
