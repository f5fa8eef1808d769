package io.verbatim.service;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.unit.DataSize;

/// Why a start failed, in one sentence that names the environment's setting where one is to blame.
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)[:}]");
  private static final Pattern NAMES_A_SETTING = Pattern.compile("[A-Z][A-Z0-9_]{3,} .*");

  /// @param sentence names the setting
  public StartFailure(String sentence) {
    super(sentence);
  }

  StartFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  static void check(ConfigurableEnvironment environment, Class<?> properties) {
    try {
      Binder.get(environment).bind("verbatim", properties);
    } catch (BindException failure) {
      throw new StartFailure(sentence(failure, environment), failure);
    }
  }

  /// One sentence, or the whole trace of what nobody has foreseen.
  public static void print(Throwable failure, PrintStream out) {
    Optional<String> sentence =
        causes(failure).filter(StartFailure::isForeseen).map(StartFailure::sentence).findFirst();
    sentence.ifPresentOrElse(out::println, () -> failure.printStackTrace(out));
  }

  private static boolean isForeseen(Throwable cause) {
    return cause instanceof StartFailure
        || cause instanceof PortInUseException
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
      // A URL may bring a password along.
      return type == URI.class
          ? setting + " must be a URL"
          : "%s must be %s, but is \"%s\"".formatted(setting, wanted(type), conversion.getValue());
    }
    return namesASetting(cause) ? cause.getMessage() : null;
  }

  /// The environment variable that stands in `application.yml` for a property.
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
