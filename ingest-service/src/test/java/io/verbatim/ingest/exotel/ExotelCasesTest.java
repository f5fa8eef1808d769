package io.verbatim.ingest.exotel;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.exotel.RecordedActions.Action;
import io.verbatim.ingest.exotel.RecordedActions.Action.Audio;
import io.verbatim.ingest.exotel.RecordedActions.Action.AwaitClose;
import io.verbatim.ingest.exotel.RecordedActions.Action.Close;
import io.verbatim.ingest.exotel.RecordedActions.Action.End;
import io.verbatim.ingest.exotel.RecordedActions.Action.Open;
import io.verbatim.ingest.exotel.RecordedActions.Action.Violation;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Input from Exotel case by case, with the expected actions. `CallConnectionTest`, `ExotelCallIT`
/// and `OperationsIT` test timeouts and sockets.
class ExotelCasesTest {
  private static final String START =
      """
      {"event":"start","stream_sid":"s","sequence_number":"1","start":{"call_sid":"c","media_format":{"encoding":"base64","sample_rate":"8000"}}}\
      """;
  private static final String OPEN = "open c pcm16/8000/1";
  private static final String TWENTY_MS = base64(320);

  /// @param texts text frames, one per line
  /// @param actions the expected actions, in order
  record Case(String name, String texts, String actions) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "numbers as strings and as numbers",
            START + media("'2'", "'1'", TWENTY_MS) + media("3", "2", TWENTY_MS),
            OPEN + ", audio 320, audio 320"),
        new Case(
            "sample rate with its unit",
            START.replace("\"8000\"", "\"16kHz\""),
            "open c pcm16/16000/1"),
        new Case(
            "unreadable sample rate",
            START.replace("\"8000\"", "\"fast\""),
            OPEN + ", bad_sample_rate"),
        new Case(
            "sample rate of a hundred thousand digits",
            START.replace("\"8000\"", "\"" + "8".repeat(100_000) + "\""),
            OPEN + ", bad_sample_rate"),
        new Case(
            "camelCase",
            """
            {"event":"start","streamSid":"s","start":{"callSid":"c","mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}}}
            {"event":"media","streamSid":"s","media":{"payload":"AAAA"}}\
            """,
            "open c mulaw/8000/1, audio 3"),
        new Case(
            "both spellings, the first empty",
            """
            {"event":"start","stream_sid":"","streamSid":"s","start":{"call_sid":" ","callSid":"c"}}
            {"event":"media","stream_sid":"s","media":{"payload":"AAAA"}}
            {"event":"media","stream_sid":"other","media":{"payload":"AAAA"}}\
            """,
            OPEN + ", partial_sample, audio 2, foreign_stream"),
        new Case(
            "an unknown event, twice",
            """
            {"event":"silence","stream_sid":"s"}
            {"event":"silence","stream_sid":"s"}\
            """,
            "unknown_event silence"),
        new Case(
            "an unknown field, twice",
            START
                + """

                {"event":"media","future":1,"media":{"track":"inbound","payload":"AAA="}}
                {"event":"media","future":1,"media":{"track":"inbound","payload":"AAA="}}\
                """,
            OPEN + ", unknown_field future, unknown_field media.track, audio 2, audio 2"),
        new Case(
            "a name of a hundred thousand characters",
            "{\"event\":\"" + "x".repeat(100_000) + "\"}",
            "unknown_event " + "x".repeat(256)),
        new Case(
            "media before start", media("1", "1", TWENTY_MS) + "\n" + START, OPEN + ", audio 320"),
        new Case(
            "start without a format",
            """
            {"event":"start","start":{"call_sid":"c"}}\
            """,
            OPEN),
        new Case(
            "start with parameters that are empty text, null, an empty object, a list",
            Stream.of("\"\"", "null", "{}", "[1]")
                .map(parameters ->
                    "{'event':'start','start':{'call_sid':'c','custom_parameters':"
                        + parameters
                        + "}}")
                .map(text -> text.replace('\'', '"'))
                .collect(Collectors.joining("\n")),
            OPEN + ", second_start, second_start, second_start"),
        new Case("start of an open stream", START + "\n" + START, OPEN + ", second_start"),
        new Case(
            "start of another stream",
            START + "\n" + START.replace("\"s\"", "\"t\""),
            OPEN + ", end next_stream, " + OPEN),
        new Case(
            "a repeated frame",
            START + media("2", "1", TWENTY_MS) + media("2", "1", TWENTY_MS),
            OPEN + ", audio 320, duplicate"),
        new Case(
            "frames out of order",
            START + media("5", "4", TWENTY_MS) + media("4", "3", TWENTY_MS),
            OPEN + ", audio 320, out_of_order, audio 320"),
        new Case(
            "missing frames",
            START + media("2", "1", TWENTY_MS) + media("9", "8", TWENTY_MS),
            OPEN + ", audio 320, missing_chunk x6, audio 320"),
        new Case(
            "the largest number",
            START + media("2", "1", TWENTY_MS) + media("3", "9223372036854775807", TWENTY_MS),
            OPEN + ", audio 320, missing_chunk x180000, audio 320"),
        new Case(
            "negative numbers and numbers beyond 64 bits",
            START
                + media("-9223372036854775808", "-1", TWENTY_MS)
                + media("1e999", "99999999999999999999", TWENTY_MS),
            OPEN + ", audio 320, audio 320"),
        new Case(
            "a jump in the timestamps",
            START
                + """

                {"event":"media","media":{"chunk":1,"timestamp":"0","payload":"AAA="}}
                {"event":"media","media":{"chunk":2,"timestamp":"3600000","payload":"AAA="}}\
                """,
            OPEN + ", audio 2, audio 2"),
        new Case(
            "payloads that are empty, null and absent",
            START
                + media("2", "1", "")
                + """

                {"event":"media","sequence_number":3,"media":{"chunk":2,"payload":null}}
                {"event":"media","sequence_number":4,"media":{"chunk":3}}
                {"event":"media","sequence_number":5}\
                """
                + media("6", "4", TWENTY_MS),
            OPEN + ", empty_payload, empty_payload, empty_payload, empty_payload, audio 320"),
        new Case(
            "payloads that are not base64",
            START + media("2", "1", "%%%not*base64%%%") + media("3", "2", TWENTY_MS + "\\n"),
            OPEN + ", bad_base64, bad_base64"),
        new Case(
            "a payload without its padding", START + media("2", "1", "AQI"), OPEN + ", audio 2"),
        new Case(
            "a payload in the URL-safe alphabet",
            START + media("2", "1", "_-8="),
            OPEN + ", audio 2"),
        new Case(
            "a payload of another type",
            START
                + """

                {"event":"media","media":{"payload":{"a":1}}}
                {"event":"media","media":{"payload":[1]}}\
                """,
            OPEN + ", bad_base64, bad_base64"),
        new Case(
            "a partial sample",
            START + media("2", "1", base64(321)),
            OPEN + ", partial_sample, audio 320"),
        new Case(
            "the largest payload",
            START + media("2", "1", base64(100_000)),
            OPEN + ", audio 100000"),
        new Case(
            "a payload over the largest",
            START + media("2", "1", base64(100_002)) + media("3", "2", TWENTY_MS),
            OPEN + ", payload_too_large, audio 320"),
        new Case(
            "a payload that looks like JSON",
            START + media("2", "1", "eyJldmVudCI6Im1lZGlhIn0="),
            OPEN + ", json_payload, partial_sample, audio 16"),
        new Case(
            "text that is not JSON", "{not json}\n[]\nnull\n\"a\"\n{} {}", times("bad_json", 5)),
        new Case("deeply nested lists", "[".repeat(100_000), "bad_json"),
        new Case("deeply nested objects", "{\"a\":".repeat(20_000), "bad_json"),
        new Case("more fields than any event has", fields(10_000), "bad_json"),
        new Case(
            "a field name of a hundred thousand characters",
            "{\"" + "x".repeat(100_000) + "\":1}",
            "bad_json"),
        new Case(
            "a number of a hundred thousand digits",
            "{\"event\":" + "9".repeat(100_000) + "}",
            "bad_json"),
        new Case("an unpaired surrogate", "{\"event\":\"\\ud800\"}", "unknown_event \ud800"),
        new Case("a repeated event field", "{\"event\":\"start\",\"event\":\"clear\"}", ""),
        new Case(
            "media of another stream",
            START + media("2", "1", TWENTY_MS).replace("\"s\"", "\"f\""),
            OPEN + ", foreign_stream"),
        new Case(
            "stop with its reason, then media and another stop",
            START
                + """

                {"event":"stop","stream_sid":"s","stop":{"reason":"canceled or call ended"}}\
                """
                + media("3", "2", TWENTY_MS)
                + """

                {"event":"stop","stream_sid":"s","stop":{"reason":"callended"}}\
                """,
            OPEN + ", end canceled or call ended, await close, media_after_stop, second_stop"),
        new Case(
            "stop without a body",
            START + "\n{\"event\":\"stop\"}",
            OPEN + ", end stop, await close"),
        new Case(
            "stop of another stream",
            START + "\n{\"event\":\"stop\",\"stream_sid\":\"f\"}",
            OPEN + ", foreign_stream"),
        new Case(
            "unused events",
            """
            {"event":"connected","protocol":"Call"}
            {"event":"dtmf","dtmf":{"digit":"5"}}
            {"event":"mark","mark":{"name":"m"}}
            {"event":"clear"}\
            """,
            ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void texts_haveTheirActions(Case one) {
    RecordedActions stream = new RecordedActions(ExotelHints.NONE);
    List<String> actions = new ArrayList<>();
    for (String text : one.texts().lines().filter(line -> !line.isEmpty()).toList()) {
      stream.text(text, 0).forEach(action -> actions.add(describe(action)));
    }

    assertThat(String.join(", ", actions)).isEqualTo(one.actions());
  }

  private static String describe(Action action) {
    return switch (action) {
      case Open(ExotelStart start) -> "open " + start.callSid() + " " + start.format();
      case Audio(byte[] bytes) -> "audio " + bytes.length;
      case End(String reason) -> "end " + reason;
      case AwaitClose _ -> "await close";
      case Violation(ProtocolViolation violation, long times, String detail) ->
          violation.tag()
              + (times == 1 ? "" : " x" + times)
              + (detail.isEmpty() ? "" : " " + detail);
      case Close(var code, _) -> "close " + code.code();
    };
  }

  private static String media(String sequence, String chunk, String payload) {
    return ("\n{'event':'media','stream_sid':'s','sequence_number':%s,'media':{'chunk':%s,'payload':'"
                .formatted(sequence, chunk)
            + payload
            + "'}}")
        .replace('\'', '"');
  }

  private static String fields(int count) {
    return Stream.iterate(0, i -> i + 1)
        .limit(count)
        .map(i -> "\"f" + i + "\":1")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String times(String what, int count) {
    return String.join(", ", java.util.Collections.nCopies(count, what));
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
