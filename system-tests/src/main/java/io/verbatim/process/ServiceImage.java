package io.verbatim.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A service's image as a directory: replays the instructions of its Dockerfile without a container
/// engine. The stages are directories, and base images are this machine.
///
/// Maven and commands that change the system (apt-get, install) do not run: the stage that builds
/// gets the existing jars, and redis-server must be on the PATH.
public final class ServiceImage {
  private static final Pattern INSTRUCTION = Pattern.compile("(?m)^([A-Z]+) +((?:.*\\\\\\R)*.*)$");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final List<String> BUILT_JARS =
      List.of(
          "%1$s/target/%1$s.jar",
          "local-stack/target/local-stack.jar", "operator-tools/target/operator-tools.jar");

  private record Instruction(String name, String arguments) {
    List<String> words() {
      return List.of(arguments.split(" +", -1));
    }
  }

  /// A stage: the directory that stands for its WORKDIR.
  private record Stage(Path directory, String workdir) {
    /// The file of an absolute path of the image.
    Path file(String path) {
      return directory.resolve(
          path.startsWith(workdir + "/") ? path.substring(workdir.length() + 1) : path);
    }
  }

  private final Path root;
  private final String module;
  private final Path target;
  private final Map<String, Stage> stages = new HashMap<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final Map<String, String> last = new HashMap<>();
  private final List<String> skipped = new ArrayList<>();
  private Stage stage;

  private ServiceImage(Path root, String module, Path target) {
    this.root = root;
    this.module = module;
    this.target = target;
    this.stage = new Stage(target, "");
  }

  /// Replays the Dockerfile of a module in an empty directory.
  ///
  /// @param root the repository, with built jars
  /// @throws IllegalStateException if an instruction fails
  public static ServiceImage replay(Path root, String module, Path target) {
    ServiceImage image = new ServiceImage(root, module, target);
    Matcher instructions = INSTRUCTION.matcher(read(root.resolve(module).resolve("Dockerfile")));
    while (instructions.find()) {
      String arguments = instructions.group(2).replaceAll("\\\\\\R\\s*", " ");
      image.execute(new Instruction(instructions.group(1), arguments));
    }
    return image;
  }

  /// The image in the module's `target/image`, replayed if the jar or the flags are not those of
  /// the image. Their times say nothing: every build of a commit sets the same.
  public static ServiceImage upToDate(Path root, String module) {
    Path target = root.resolve(module).resolve("target/image");
    ServiceImage existing = new ServiceImage(root, module, target);
    existing.stage = new Stage(target.resolve("image"), "/app");
    String jar = BUILT_JARS.getFirst().formatted(module);
    if (Files.exists(existing.directory().resolve("app.aot"))
        && areEqual(root.resolve(jar), target.resolve("build").resolve(jar))
        && areEqual(
            root.resolve(module).resolve("jvm.options"),
            existing.directory().resolve("jvm.options"))) {
      return existing;
    }
    existing.shell(root, "rm -rf '" + target + "'");
    System.out.println("Building the image of " + module + " (" + target + ").");
    return replay(root, module, target);
  }

  private static boolean areEqual(Path one, Path other) {
    try {
      return Files.exists(other) && Files.mismatch(one, other) < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void execute(Instruction instruction) {
    switch (instruction.name()) {
      case "FROM" -> from(instruction.words());
      case "WORKDIR" -> enter(new Stage(stage.directory(), instruction.arguments()));
      case "ENV" -> {
        String[] variable = instruction.arguments().split("=", 2);
        environment.put(variable[0], variable[1]);
      }
      case "COPY" -> copy(instruction.words());
      case "RUN" -> run(instruction.arguments());
      case "ARG" -> {}
      case "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT" ->
          last.put(instruction.name(), instruction.arguments());
      default -> throw new IllegalStateException("Dockerfile: unknown " + instruction);
    }
  }

  private void from(List<String> words) {
    boolean named = words.size() == 3;
    String name = named ? words.get(2) : "image";
    Stage parent = stages.get(words.getFirst());
    Path directory = target.resolve(name);
    shell(root, "mkdir -p '" + target + "'");
    if (parent == null) {
      shell(root, "mkdir '" + directory + "'");
      enter(new Stage(directory, ""));
    } else {
      shell(root, "cp -a '" + parent.directory() + "' '" + directory + "'");
      enter(new Stage(directory, parent.workdir()));
    }
  }

  private void enter(Stage entered) {
    stage = entered;
    stages.put(entered.directory().getFileName().toString(), entered);
  }

  private void copy(List<String> words) {
    boolean ofStage = words.getFirst().startsWith("--from=");
    Stage source =
        ofStage
            ? stages.get(words.getFirst().substring("--from=".length()))
            : new Stage(root, root.toString());
    if (source == null) {
      throw new IllegalStateException("Dockerfile: no stage " + words.getFirst());
    }
    String to = words.getLast();
    Path destination = stage.file(to);
    shell(root, "mkdir -p '" + (to.endsWith("/") ? destination : destination.getParent()) + "'");
    for (String word : words.subList(ofStage ? 1 : 0, words.size() - 1)) {
      Path from = source.file(word);
      // As in Docker, the content of a directory is copied.
      boolean isDirectory = Files.isDirectory(from);
      shell(root, isDirectory ? "mkdir -p '" + destination + "'" : "true");
      shell(root, "cp -a '" + from + (isDirectory ? "/.' '" : "' '") + destination + "'");
    }
  }

  private void run(String command) {
    if (command.startsWith("./mvnw ")) {
      skipped.add(command);
      for (String jar : BUILT_JARS) {
        Path built = stage.directory().resolve(jar.formatted(module));
        shell(root, "mkdir -p '" + built.getParent() + "'");
        shell(root, "cp -a '" + root.resolve(jar.formatted(module)) + "' '" + built + "'");
      }
    } else if (command.startsWith("apt-get ") || command.startsWith("install ")) {
      skipped.add(command);
    } else {
      shell(stage.directory(), command);
    }
  }

  private void shell(Path directory, String command) {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-ec", command)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    useOwnJava(builder);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("failed: " + command + "\n" + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + command, e);
    }
  }

  /// Makes `java` in a command the JDK of this process.
  public static void useOwnJava(ProcessBuilder builder) {
    Path java = Path.of(System.getProperty("java.home"), "bin");
    builder.environment().merge("PATH", java.toString(), (path, own) -> own + ":" + path);
  }

  /// The directory of the service, `/app` in the image.
  public Path directory() {
    return stage.directory();
  }

  /// The commands that were not executed.
  public List<String> skipped() {
    return List.copyOf(skipped);
  }

  /// The environment variables of the image.
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /// The user and group of the service.
  public String user() {
    return last.getOrDefault("USER", "root");
  }

  /// The command of the image, with its paths in [#directory].
  public List<String> entrypoint() {
    return command("ENTRYPOINT");
  }

  /// The command of the health check, with its paths in [#directory].
  public List<String> healthCheck() {
    return command("HEALTHCHECK");
  }

  private List<String> command(String instruction) {
    Stream<String> words =
        QUOTED.matcher(last.getOrDefault(instruction, "")).results().map(match -> match.group(1));
    return words
        .map(word -> word.startsWith(stage.workdir()) ? stage.file(word).toString() : word)
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
