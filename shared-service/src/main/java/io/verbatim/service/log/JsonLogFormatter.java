package io.verbatim.service.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;

/// Writes each log line as one JSON object: `timestamp` (UTC), `level`, `service`, `event` and each
/// key of the event as a field, then `logger`, and `exception` with the stack trace if there is
/// one. A line of a library has `message` in place of `event`.
///
/// Created by Spring Boot, by its class name.
public final class JsonLogFormatter implements StructuredLogFormatter<ILoggingEvent> {
  private static final JsonWriter<Map<String, Object>> WRITER =
      JsonWriter.<Map<String, Object>>of(members -> members.addMapEntries(fields -> fields))
          .withNewLineAtEnd();

  private final String service;

  public JsonLogFormatter(Environment environment) {
    this.service = environment.getProperty("spring.application.name", "");
  }

  @Override
  public String format(ILoggingEvent event) {
    Map<String, Object> fields = fields(event.getInstant(), event.getLevel().toString(), service);
    LogFields.of(event.getMessage(), event.getArgumentArray()).forEach(fields::putIfAbsent);
    fields.putIfAbsent("logger", event.getLoggerName());
    if (event.getThrowableProxy() != null) {
      fields.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return WRITER.writeToString(fields);
  }

  /// The line of a failed start, which ends a process before or after its logging system works.
  ///
  /// @param reason one sentence
  /// @param exception the stack trace of an unexpected failure
  public static String startFailed(String service, String reason, @Nullable String exception) {
    Map<String, Object> fields = fields(Instant.now(), "ERROR", service);
    fields.put("event", "service.start_failed");
    fields.put("reason", reason);
    if (exception != null) {
      fields.put("exception", exception);
    }
    return WRITER.writeToString(fields);
  }

  private static Map<String, Object> fields(Instant time, String level, String service) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("timestamp", time.toString());
    fields.put("level", level);
    fields.put("service", service);
    return fields;
  }
}
