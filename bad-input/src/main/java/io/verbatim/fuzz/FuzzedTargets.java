package io.verbatim.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Fuzzes targets for a while, in a process of their own with the memory of a small instance.
///
/// Begins with the committed corpora and with what earlier runs found worth keeping. What a parser
/// stumbles over is put into its committed corpus, so that every run from then on begins with it.
final class FuzzedTargets {
  private static final Pattern STATUS =
      Pattern.compile("#\\d+\\s+\\w+\\s+cov: (\\d+) ft: \\d+ corp: (\\d+)/.*");
  private static final Pattern READ =
      Pattern.compile("#\\d+\\s+INITED cov: \\d+ ft: \\d+ corp: (\\d+)/.*");
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
  private static final Pattern RESIDENT = Pattern.compile("stat::peak_rss_mb:\\s*(\\d+)");
  private static final Pattern SUMMARY = Pattern.compile(Driven.SUMMARY + "(\\d+) (\\d+) (\\d+)");
  private static final Duration STARTING_TAKES_AT_MOST = Duration.ofMinutes(4);
  private static final String PARSERS = "io.verbatim.**:tools.jackson.core.json.**:com.nimbusds.**";
  private static final List<String> SANITIZERS =
      Stream.of(
              "ClojureLangHooks",
              "Deserialization",
              "ExpressionLanguageInjection",
              "FilePathTraversal",
              "FileSystemTraversal",
              "LdapInjection",
              "NamingContextLookup",
              "OsCommandInjection",
              "ReflectiveCall",
              "RegexInjection",
              "ScriptEngineInjection",
              "ServerSideRequestForgery",
              "SqlInjection",
              "TemplateInjection",
              "UnsafeSanitizer",
              "XPathInjection",
              "XmlParserSsrfGuidance")
          .map("com.code_intelligence.jazzer.sanitizers."::concat)
          .toList();

  private final List<Target> targets;
  private final String name;
  private final String classPath;
  private final Path corpora;
  private final Path work;
  private final Path log;

  /// @param classPath of this module with everything it needs
  /// @param corpora where the committed corpora stand, a folder each
  /// @param work where logs and what a run finds worth keeping go
  FuzzedTargets(List<Target> targets, String classPath, Path corpora, Path work) {
    this.targets = List.copyOf(targets);
    this.name = targets.size() == 1 ? targets.getFirst().word() : targets.size() + " targets";
    this.classPath = classPath;
    this.corpora = corpora.toAbsolutePath();
    String words = String.join(",", targets.stream().map(Target::word).toList());
    String file =
        targets.size() == 1
            ? words
            : "%08x".formatted(words.hashCode()); // their order is the address
    this.work = work.resolve(file).toAbsolutePath();
    this.log = work.resolve(file + ".log").toAbsolutePath();
  }

  /// Fuzzes for so long, beside a few seconds for the start.
  Outcome run(Duration length) {
    try {
      Files.createDirectories(found());
      Files.createDirectories(stumbled());
      seed();
      long started = System.nanoTime();
      Process process =
          new ProcessBuilder(command(length))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Duration most = length.plus(STARTING_TAKES_AT_MOST).plus(length.dividedBy(2));
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().onExit().join();
      }
      return outcome(Duration.ofNanos(System.nanoTime() - started));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fuzzing " + name, e);
    }
  }

  /// The committed inputs, each with its target's address.
  private Path committed() {
    return work.resolve("committed");
  }

  /// Inputs that reached something new, of this run and those before.
  private Path found() {
    return work.resolve("found");
  }

  /// Inputs a parser broke its promise on.
  private Path stumbled() {
    return work.resolve("stumbled");
  }

  private void seed() throws IOException {
    Files.createDirectories(committed());
    for (Path stale : inputs(committed())) {
      Files.delete(stale);
    }
    for (Target target : targets) {
      for (Path input : inputs(corpusOf(target))) {
        Files.write(
            committed().resolve(target.word() + "-" + input.getFileName()),
            new Addressed(target, Files.readAllBytes(input)).bytes(targets));
      }
    }
  }

  /// Moves what was stumbled over into the corpora of the targets it is for.
  private List<Path> findings() throws IOException {
    List<Path> findings = new ArrayList<>();
    for (Path input : inputs(stumbled())) {
      byte[] bytes = Files.readAllBytes(input);
      Addressed addressed =
          bytes.length == 0
              ? new Addressed(targets.getFirst(), bytes)
              : Addressed.of(bytes, targets);
      Path finding = corpusOf(addressed.target()).resolve(input.getFileName().toString());
      Files.write(finding, addressed.input());
      Files.delete(input);
      findings.add(finding);
    }
    return findings;
  }

  private Path corpusOf(Target target) throws IOException {
    return Files.createDirectories(corpora.resolve(target.word()));
  }

  private static List<Path> inputs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private List<String> command(Duration length) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "-Xss512k",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D"
                    + Driven.TARGETS
                    + "="
                    + String.join(",", targets.stream().map(Target::word).toList()),
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Driven.class.getName(),
                "--instrumentation_includes=" + PARSERS,
                "--custom_hook_includes=" + PARSERS,
                "--disabled_hooks=" + String.join(":", SANITIZERS),
                "--reproducer_path=" + work,
                "-artifact_prefix=" + stumbled() + "/",
                "-max_total_time=" + length.toSeconds(),
                "-max_len=16384",
                "-timeout=20",
                "-rss_limit_mb=1024",
                "-print_final_stats=1"));
    Path words = corpora.resolve("words.txt");
    if (Files.exists(words)) {
      command.add("-dict=" + words);
    }
    command.add(found().toString());
    command.add(committed().toString());
    return command;
  }

  private Outcome outcome(Duration time) throws IOException {
    long edges = 0;
    long corpusBefore = 0;
    long corpusAfter = 0;
    long executions = 0;
    long resident = 0;
    long settled = 0;
    long end = 0;
    long fewest = 0;
    for (String line :
        Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1).lines().toList()) {
      Matcher status = STATUS.matcher(line);
      if (status.matches()) {
        edges = Long.parseLong(status.group(1));
        corpusAfter = Long.parseLong(status.group(2));
      }
      corpusBefore = number(READ, line, corpusBefore);
      executions = number(EXECUTIONS, line, executions);
      resident = number(RESIDENT, line, resident);
      Matcher summary = SUMMARY.matcher(line);
      if (summary.matches()) {
        settled = Long.parseLong(summary.group(1));
        end = Long.parseLong(summary.group(2));
        fewest = Long.parseLong(summary.group(3));
      }
    }
    return new Outcome(
        name,
        time,
        executions,
        fewest,
        edges,
        corpusBefore,
        corpusAfter,
        settled,
        end,
        resident,
        findings(),
        log);
  }

  private static long number(Pattern pattern, String line, long otherwise) {
    Matcher matcher = pattern.matcher(line);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : otherwise;
  }
}
