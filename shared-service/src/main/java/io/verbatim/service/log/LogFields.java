package io.verbatim.service.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/// Splits a log message of the form `noun.verb key=value …` into its event and its keys.
///
/// The message's pattern is split, not its text, so that an argument may contain blanks, quotes and
/// line breaks. Values in, values out.
final class LogFields {
  private static final String EVENT = "event";
  private static final String PLACEHOLDER = "{}";

  /// An event, with a word in capitals before it if operators must notice it.
  private static final Pattern HEAD =
      Pattern.compile("(?:(?<alert>[A-Z]+) )?(?<event>[a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)+)");

  private static final Pattern FIELD =
      Pattern.compile(" (?<key>[A-Za-z][A-Za-z0-9_.]*)=(?<value>\"[^\"]*\"|[^ \"]*)");

  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final @Nullable Object[] arguments;
  private int next;

  private LogFields(@Nullable Object[] arguments) {
    this.arguments = arguments;
  }

  /// The fields of a message: `event` and its keys, or `message` if it has another form. A value
  /// that is one number or boolean keeps its type.
  static Map<String, Object> of(String pattern, @Nullable Object @Nullable [] arguments) {
    LogFields parsed = new LogFields(arguments == null ? new Object[0] : arguments);
    return parsed.read(pattern)
        ? parsed.fields
        : Map.of(
            "message",
            String.valueOf(MessageFormatter.arrayFormat(pattern, arguments).getMessage()));
  }

  /// Whether the whole pattern has the form of an event with keys.
  private boolean read(String pattern) {
    Matcher head = HEAD.matcher(pattern);
    if (!head.lookingAt()) {
      return false;
    }
    fields.put(EVENT, head.group(EVENT));
    if (head.group("alert") != null) {
      fields.put("alert", head.group("alert"));
    }
    Matcher field = FIELD.matcher(pattern).region(head.end(), pattern.length());
    while (field.lookingAt()) {
      fields.putIfAbsent(field.group("key"), value(field.group("value")));
      field.region(field.end(), pattern.length());
    }
    return field.regionStart() == pattern.length();
  }

  private Object value(String template) {
    if (template.equals(PLACEHOLDER)) {
      Object argument = argument();
      return argument instanceof Number || argument instanceof Boolean
          ? argument
          : String.valueOf(argument);
    }
    StringBuilder text = new StringBuilder();
    int from = template.startsWith("\"") ? 1 : 0;
    int end = template.length() - from;
    for (int at = template.indexOf(PLACEHOLDER, from);
        at >= 0;
        at = template.indexOf(PLACEHOLDER, from)) {
      text.append(template, from, at).append(argument());
      from = at + PLACEHOLDER.length();
    }
    return text.append(template, from, end).toString();
  }

  private @Nullable Object argument() {
    return next < arguments.length ? arguments[next++] : PLACEHOLDER;
  }
}
