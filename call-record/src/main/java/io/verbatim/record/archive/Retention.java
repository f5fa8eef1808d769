package io.verbatim.record.archive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long archived transcripts are kept: for all tenants, and for single ones.
///
/// @param general for tenants that are not listed
/// @param ofTenants for single tenants
public record Retention(Duration general, Map<String, Duration> ofTenants) {

  private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

  public Retention {
    ofTenants = Map.copyOf(ofTenants);
  }

  /// Parses `90d` or `90d, acme=365d, globex=30d`.
  ///
  /// @param setting the setting's name, for the message
  /// @throws IllegalArgumentException if the text is invalid
  public static Retention parse(String setting, String text) {
    List<Duration> general = new ArrayList<>();
    Map<String, Duration> ofTenants = new LinkedHashMap<>();
    for (String item : text.split(",", -1)) {
      int equals = item.lastIndexOf('=');
      String tenant = equals < 0 ? "" : item.substring(0, equals).strip();
      Matcher length = LENGTH.matcher(item.substring(equals + 1).strip());
      if (!length.matches() || (equals >= 0 && tenant.isEmpty())) {
        throw invalid(setting, item);
      }
      Duration duration = duration(Long.parseLong(length.group(1)), length.group(2).charAt(0));
      if (equals < 0) {
        general.add(duration);
      } else {
        ofTenants.put(tenant, duration);
      }
    }
    if (general.size() != 1) {
      throw invalid(setting, text);
    }
    return new Retention(general.getFirst(), ofTenants);
  }

  private static Duration duration(long count, char unit) {
    return switch (unit) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static IllegalArgumentException invalid(String setting, String text) {
    return new IllegalArgumentException(
        "%s must be a duration such as 90d, with other durations for single tenants as in \"90d, acme=365d\", but has \"%s\""
            .formatted(setting, text.substring(0, Math.min(text.length(), 60)).strip()));
  }
}
