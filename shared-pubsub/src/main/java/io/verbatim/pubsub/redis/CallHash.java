package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A call's hash, decoded. Every method throws [IllegalArgumentException] if a field is missing or
/// invalid; the message names the field and never contains its value.
record CallHash(CallId call, Map<String, String> fields) {

  /// The fields of a new call beyond those that the script sets, as the script's arguments.
  static List<byte[]> extraFields(CallStart start) {
    List<byte[]> arguments = new ArrayList<>();
    add(arguments, "source", start.source().wireName());
    add(arguments, "started", Long.toString(start.started().toEpochMilli()));
    if (start.from() != null) {
      add(arguments, "from", start.from());
    }
    if (start.to() != null) {
      add(arguments, "to", start.to());
    }
    if (start.language() != null) {
      add(arguments, "language", start.language());
    }
    return arguments;
  }

  private static void add(List<byte[]> arguments, String field, String value) {
    arguments.add(Reply.bytes(field));
    arguments.add(Reply.bytes(value));
  }

  CallStart start() {
    return new CallStart(
        call,
        text("tenant"),
        read("source", source -> CallStart.Source.valueOf(source.toUpperCase(Locale.ROOT))),
        format(),
        fields.get("from"),
        fields.get("to"),
        fields.get("language"),
        Instant.ofEpochMilli(number("started")));
  }

  /// @param lastActivity null to use the writer's last heartbeat
  CallRecord record(@Nullable Instant lastActivity) {
    String recognizer = fields.get("recognizer");
    return new CallRecord(
        start(),
        text("state").equals("ended") ? CallRecord.State.ENDED : CallRecord.State.LIVE,
        lastActivity == null ? Instant.ofEpochMilli(number("alive")) : lastActivity,
        Optional.ofNullable(fields.get("reason")),
        "1".equals(fields.get("complete")),
        recognizer == null ? null : TranscriptJson.recognizerStatus(recognizer),
        number("finals"),
        // If the log lost both, words may be written again before the audio that they cover.
        Math.max(number("tail"), number("covered")),
        count("lost_bytes"),
        count("sent_before") + count("sent"),
        number("covered"),
        number("gap_bytes"),
        count("gap_ms"),
        number("unconfirmed"),
        count("takings"));
  }

  /// A counter; 0 before its first increment.
  private long count(String field) {
    return fields.containsKey(field) ? number(field) : 0;
  }

  List<Long> coveredPerChannel() {
    int channels = format().channels();
    List<Long> covered = new ArrayList<>(channels);
    for (int channel = 0; channel < channels; channel++) {
      covered.add(number("covered:" + channel));
    }
    return covered;
  }

  long number(String field) {
    return read(field, Long::parseLong);
  }

  private AudioFormat format() {
    return read("format", AudioFormat::parse);
  }

  private <T> T read(String field, Function<String, T> parser) {
    String value = text(field);
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException("the call's hash has an invalid field " + field, invalid);
    }
  }

  private String text(String field) {
    String value = fields.get(field);
    if (value == null) {
      throw new IllegalArgumentException("the call's hash has no field " + field);
    }
    return value;
  }
}
