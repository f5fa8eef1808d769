package io.verbatim.fuzz;

import java.io.File;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Fuzzes targets for a given time, in a separate process with the memory of a small instance.
///
/// Starts with the committed inputs and with those that earlier runs kept. An input that breaks a
/// parser's guarantee is added to the inputs of its fuzz test, so that every later build runs it.
final class FuzzProcess {
  private static final Pattern STATUS =
      Pattern.compile("#\\d+\\s+\\w+\\s+cov: (\\d+) ft: \\d+ corp: (\\d+)/.*");
  private static final Pattern READ =
      Pattern.compile("#\\d+\\s+INITED cov: \\d+ ft: \\d+ corp: (\\d+)/.*");
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");

  /// Libraries of other tests. Jazzer reads all classes of the class path at its start, and these
  /// do not fit in its heap.
  private static final Pattern UNUSED = Pattern.compile("/(io/kubernetes|com/marcnuri)/");

  private static final Pattern RESIDENT = Pattern.compile("stat::peak_rss_mb:\\s*(\\d+)");
  private static final Pattern SUMMARY =
      Pattern.compile(FuzzDriver.SUMMARY + "(\\d+) (\\d+) (\\d+)");
  private static final String DICTIONARY =
      "system-tests/src/test/resources/io/verbatim/fuzz/words.txt";
  private static final Duration MAX_START = Duration.ofMinutes(4);
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
  private final Path repository;
  private final Path work;
  private final Path log;

  /// @param classPath of this module's tests and their dependencies
  /// @param repository the folder that contains the modules with the committed inputs
  /// @param work folder for logs and for the inputs that a run keeps
  FuzzProcess(List<Target> targets, String classPath, Path repository, Path work) {
    this.targets = List.copyOf(targets);
    this.name = targets.size() == 1 ? targets.getFirst().id() : targets.size() + " targets";
    this.classPath =
        Stream.of(classPath.split(File.pathSeparator, -1))
            .filter(entry -> !UNUSED.matcher(entry).find())
            .collect(Collectors.joining(File.pathSeparator));
    this.repository = repository.toAbsolutePath();
    String ids = String.join(",", targets.stream().map(Target::id).toList());
    String file =
        targets.size() == 1
            ? ids
            : "%08x".formatted(ids.hashCode()); // includes the order, which routes inputs
    this.work = work.resolve(file).toAbsolutePath();
    this.log = work.resolve(file + ".log").toAbsolutePath();
  }

  /// Fuzzes for this long, plus a few seconds for the start.
  Outcome run(Duration length) {
    try {
      Files.createDirectories(found());
      Files.createDirectories(artifacts());
      seed();
      long started = System.nanoTime();
      Process process =
          new ProcessBuilder(command(length))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Duration timeout = length.plus(MAX_START).plus(length.dividedBy(2));
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
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

  /// The committed inputs, each with its routing byte.
  private Path committed() {
    return work.resolve("committed");
  }

  /// Inputs that reached new code, from this run and earlier ones.
  private Path found() {
    return work.resolve("found");
  }

  /// Inputs that broke a parser's guarantee.
  private Path artifacts() {
    return work.resolve("artifacts");
  }

  private void seed() throws IOException {
    Files.createDirectories(committed());
    for (Path stale : inputs(committed())) {
      Files.delete(stale);
    }
    for (Target target : targets) {
      for (Path input : inputs(target.inputs(repository))) {
        Files.write(
            committed().resolve(target.id() + "-" + input.getFileName()),
            new RoutedInput(target, Files.readAllBytes(input)).bytes(targets));
      }
    }
  }

  /// Moves the artifacts to the inputs of their fuzz tests.
  private List<Path> findings() throws IOException {
    List<Path> findings = new ArrayList<>();
    for (Path input : inputs(artifacts())) {
      byte[] bytes = Files.readAllBytes(input);
      RoutedInput routed =
          bytes.length == 0
              ? new RoutedInput(targets.getFirst(), bytes)
              : RoutedInput.of(bytes, targets);
      Path finding = routed.target().inputs(repository).resolve(input.getFileName().toString());
      Files.write(finding, routed.input());
      Files.delete(input);
      findings.add(finding);
    }
    return findings;
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
                "-Xmx512m",
                "-Xss512k",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D"
                    + FuzzDriver.TARGETS
                    + "="
                    + String.join(",", targets.stream().map(Target::id).toList()),
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzDriver.class.getName(),
                "--instrumentation_includes=" + PARSERS,
                "--custom_hook_includes=" + PARSERS,
                "--disabled_hooks=" + String.join(":", SANITIZERS),
                "--reproducer_path=" + work,
                "-artifact_prefix=" + artifacts() + "/",
                "-max_total_time=" + length.toSeconds(),
                "-max_len=16384",
                "-timeout=20",
                "-rss_limit_mb=1024",
                "-print_final_stats=1",
                "-dict=" + repository.resolve(DICTIONARY)));
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

  private static long number(Pattern pattern, String line, long fallback) {
    Matcher matcher = pattern.matcher(line);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : fallback;
  }
}
