package io.verbatim.gateway;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.unit.DataSize;

/// Says why a start failed: in one sentence that names the environment's setting where a setting is
/// to blame.
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern NAMES_A_SETTING = Pattern.compile("[A-Z][A-Z0-9_]{3,} .*");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)[:}]");

  private StartFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /// Reads all settings once, before anything is built on them.
  static void check(ConfigurableEnvironment environment) {
    try {
      Binder.get(environment).bind("verbatim", GatewayProperties.class);
    } catch (BindException failure) {
      throw new StartFailure(sentence(failure, environment), failure);
    }
  }

  static void print(Throwable failure, PrintStream out) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StartFailure || cause instanceof IllegalArgumentException) {
        out.println(cause.getMessage());
        return;
      }
    }
    failure.printStackTrace(out);
  }

  private static String sentence(BindException failure, ConfigurableEnvironment environment) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConversionFailedException conversion) {
        return "%s must be %s, but is \"%s\""
            .formatted(
                setting(failure.getName().toString(), environment),
                wanted(conversion.getTargetType().getType()),
                conversion.getValue());
      }
      String message = cause.getMessage();
      if (cause instanceof IllegalArgumentException
          && message != null
          && NAMES_A_SETTING.matcher(message).matches()) {
        return message;
      }
    }
    return failure.getMessage() == null ? "the settings cannot be read" : failure.getMessage();
  }

  /// The environment variable that stands in `application.yml` for a property.
  private static String setting(String property, ConfigurableEnvironment environment) {
    for (PropertySource<?> source : environment.getPropertySources()) {
      String variable = source instanceof EnumerablePropertySource<?> ? in(source, property) : null;
      if (variable != null) {
        return variable;
      }
    }
    return property;
  }

  private static @Nullable String in(PropertySource<?> source, String property) {
    Object raw = source.getProperty(property);
    Matcher placeholder = PLACEHOLDER.matcher(raw == null ? "" : raw.toString());
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
    return type == DataSize.class ? "a size such as 256KB" : "a whole number";
  }
}
