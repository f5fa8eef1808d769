package io.verbatim.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.tools.deadletter.DeadLettersCommand;
import io.verbatim.tools.redis.RedisConnectionsCommand;
import io.verbatim.tools.smoke.SmokeCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.TypeConversionException;

/// Runs a command by its name.
@Command(
    name = "operator-tools",
    description = "Commands for operators of Verbatim.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = OperatorTools.Version.class,
    exitCodeOnInvalidInput = OperatorTools.USAGE,
    exitCodeOnExecutionException = OperatorTools.USAGE,
    subcommands = {RedisConnectionsCommand.class, SmokeCommand.class, DeadLettersCommand.class})
public final class OperatorTools {
  /// The exit status for wrong arguments; the others belong to the commands.
  static final int USAGE = 64;

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private OperatorTools() {}

  public static void main(String[] arguments) {
    System.exit(run(System.out, arguments));
  }

  /// Runs a command. Returns its exit status.
  public static int run(PrintStream out, String... arguments) {
    PrintWriter writer = new PrintWriter(new OutputStreamWriter(out, UTF_8), true);
    return new CommandLine(new OperatorTools())
        .setOut(writer)
        .registerConverter(Duration.class, OperatorTools::duration)
        .setUsageHelpAutoWidth(true)
        .execute(arguments);
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("\"%s\" is not a duration such as 30s".formatted(text));
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /// The version in the jar's manifest.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      @Nullable String version = OperatorTools.class.getPackage().getImplementationVersion();
      return new String[] {version == null ? "unknown" : version};
    }
  }
}
