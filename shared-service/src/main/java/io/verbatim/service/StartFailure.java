package io.verbatim.service;

import io.verbatim.service.log.JsonLogFormatter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataNotFoundException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.unit.DataSize;

/// The reason for a failed start, in one sentence, which names the environment variable if a
/// setting is the cause.
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");
  private static final Pattern NAMES_A_SETTING = Pattern.compile("[A-Z][A-Z0-9_]{3,},? .*");

  private static final List<String> LOG_FORMATS = List.of("text", "json");
  private static final List<String> LOG_LEVELS = List.of("error", "warn", "info", "debug", "trace");

  /// @param sentence names the setting
  public StartFailure(String sentence) {
    super(sentence);
  }

  StartFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  static void check(ConfigurableEnvironment environment, Class<?> properties) {
    checkChoice("LOG_FORMAT", environment.getProperty(Service.LOG_FORMAT), LOG_FORMATS);
    checkPort("PORT", environment.getProperty("server.port"), 0);
    checkPort("MANAGEMENT_PORT", environment.getProperty("verbatim.management-port"), -1);
    checkChoice("LOG_LEVEL", environment.getProperty("logging.level.io.verbatim"), LOG_LEVELS);
    checkPortsDiffer(environment);
    try {
      Binder.get(environment).bind("verbatim", properties);
    } catch (BindException failure) {
      throw new StartFailure(sentence(failure, environment), failure);
    }
  }

  private static void checkPort(String setting, @Nullable String value, int lowest) {
    if (value != null
        && !(value.matches("-?\\d{1,5}") && isPort(Integer.parseInt(value), lowest))) {
      throw new StartFailure(
          "%s must be a port from 0 to 65535, but is \"%.60s\"".formatted(setting, value));
    }
  }

  private static void checkPortsDiffer(ConfigurableEnvironment environment) {
    String port = environment.getProperty("server.port", "");
    if (!port.equals("0") && port.equals(environment.getProperty("verbatim.management-port"))) {
      throw new StartFailure(
          "MANAGEMENT_PORT must differ from PORT, but both are \"%s\"".formatted(port));
    }
  }

  private static boolean isPort(int number, int lowest) {
    return number >= lowest && number <= 65_535;
  }

  private static void checkChoice(String setting, @Nullable String value, List<String> choices) {
    if (value != null && !choices.contains(value.toLowerCase(Locale.ROOT))) {
      throw new StartFailure(
          "%s must be %s, but is \"%.60s\""
              .formatted(setting, String.join(" or ", choices), value));
    }
  }

  /// Prints one sentence for an expected failure, or the stack trace of an unexpected one.
  public static void print(Throwable failure, PrintStream out) {
    expected(failure).ifPresentOrElse(out::println, () -> failure.printStackTrace(out));
  }

  /// Prints the same as one JSON object.
  static void printJson(String service, Throwable failure, PrintStream out) {
    Optional<String> sentence = expected(failure);
    out.print(
        JsonLogFormatter.startFailed(
            service,
            sentence.orElseGet(failure::toString),
            sentence.isPresent() ? null : stackTrace(failure)));
  }

  private static Optional<String> expected(Throwable failure) {
    return causes(failure).filter(StartFailure::isForeseen).map(StartFailure::sentence).findFirst();
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static boolean isForeseen(Throwable cause) {
    return cause instanceof StartFailure
        || cause instanceof PortInUseException
        || cause instanceof ConfigDataNotFoundException
        || namesASetting(cause)
        || Certificate.isCauseOf(cause);
  }

  private static boolean namesASetting(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof IllegalArgumentException
        && message != null
        && NAMES_A_SETTING.matcher(message).matches();
  }

  private static String sentence(Throwable cause) {
    if (cause instanceof PortInUseException taken) {
      return "PORT " + taken.getPort() + " is in use by another process";
    }
    if (cause instanceof ConfigDataNotFoundException missing) {
      return "SPRING_CONFIG_IMPORT names a file that cannot be read: "
          + missing.getReferenceDescription();
    }
    return Certificate.isCauseOf(cause)
        ? "SSL_CERT_PATH and SSL_KEY_PATH cannot be served: " + deepest(cause).getMessage()
        : String.valueOf(cause.getMessage());
  }

  private static Throwable deepest(Throwable failure) {
    return causes(failure).reduce(failure, (_, cause) -> cause);
  }

  private static String sentence(BindException failure, ConfigurableEnvironment environment) {
    return causes(failure)
        .flatMap(cause -> Stream.ofNullable(sentence(cause, failure, environment)))
        .findFirst()
        .orElseGet(() -> failure.getMessage() + ": " + failure.getCause());
  }

  private static @Nullable String sentence(
      Throwable cause, BindException failure, ConfigurableEnvironment environment) {
    if (cause instanceof ConversionFailedException conversion) {
      String setting = setting(failure.getName().toString(), environment);
      Class<?> type = conversion.getTargetType().getType();
      // A URL may contain a password.
      return type == URI.class
          ? setting + " must be a URL"
          : "%s must be %s, but is \"%.60s\""
              .formatted(setting, wanted(type), conversion.getValue());
    }
    return namesASetting(cause) ? cause.getMessage() : null;
  }

  /// The environment variable of a property in `application.yml`.
  private static String setting(String property, ConfigurableEnvironment environment) {
    return environment.getPropertySources().stream()
        .filter(EnumerablePropertySource.class::isInstance)
        .flatMap(source -> Stream.ofNullable(variable(source, property)))
        .findFirst()
        .orElse(property);
  }

  private static @Nullable String variable(PropertySource<?> source, String property) {
    Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(source.getProperty(property)));
    return placeholder.find() ? placeholder.group(1) : null;
  }

  private static String wanted(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(" or "));
    }
    if (type == Duration.class) {
      return "a duration such as 30s or 10m";
    }
    if (type == DataSize.class) {
      return "a size such as 256KB";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    return type == double.class ? "a number" : "a whole number";
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }
}
