package io.verbatim.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.export.TranscriptExport;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.gateway.web.Origins;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.redis.RedisFuzzTest;
import io.verbatim.service.FuzzedSettings;
import io.verbatim.testkit.fuzz.Assertion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Input from Redis that is sent on to subscribers, and requests of subscribers.
public class GatewayFuzzTest {
  private static final CallId CALL = new CallId("call");
  private static final CallRecord RECORD =
      RedisFuzzTest.call(
              """
              tenant=t
              source=exotel
              format=pcm16/8000/1
              from=09876543210
              started=1764000000000
              state=live
              finals=0
              tail=0
              covered=0
              gap_bytes=0
              unconfirmed=0\
              """
                  .getBytes(UTF_8))
          .orElseThrow();
  private static final Origins ORIGINS = new Origins(Set.of("https://desk.example.com"));
  private static final FuzzedSettings SETTINGS = new FuzzedSettings(GatewayApplication.SERVICE);

  private enum Word {
    ONE,
    ANOTHER
  }

  /// Reads an entry of a transcript and writes it in every format.
  @FuzzTest
  public void transcript(byte[] input) {
    RedisFuzzTest.transcript(input)
        .ifPresent(entry -> {
          Assertion.check(TranscriptEvents.entry(CALL, entry).size() > 0, "an event of no bytes");
          Assertion.check(!entry.cursor().isEmpty(), "an entry without a cursor");
          List<TranscriptEntry> all = List.of(entry, entry);
          for (TranscriptFormat format : TranscriptFormat.values()) {
            if (format != TranscriptFormat.SSE) {
              TranscriptExport.write(format, RECORD, all, false);
            }
          }
        });
  }

  /// Reads the two kinds of values of the live state and writes them as events.
  @FuzzTest
  public void liveState(byte[] input) {
    RedisFuzzTest.interim(input).ifPresent(speech -> TranscriptEvents.interim(CALL, speech));
    RedisFuzzTest.status(input).ifPresent(status -> TranscriptEvents.status(CALL, status));
  }

  /// Reads a call's hash and writes every view of it.
  @FuzzTest
  public void call(byte[] input) {
    RedisFuzzTest.call(input)
        .ifPresent(call -> {
          Json.bytes(CallView.of(call, true));
          Json.bytes(LedgerView.of(call, List.of(), false));
          TranscriptEvents.call(CallView.of(call, false));
        });
  }

  /// Reads the parts of a request, one a line: the origin, the host, then numbers, words, ids,
  /// calls.
  @FuzzTest
  public void request(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 8);
    String first = lines[0];
    String second = lines.length > 1 ? lines[1] : "";
    ORIGINS.isOurs(first, second);
    for (String line : lines) {
      Position.ofCursor(line)
          .ifPresent(position ->
              Assertion.check(
                  position.cursor().equals(line) && EntryId.tryParse(position.id()).isPresent(),
                  "a cursor without a valid id"));
      TranscriptFormat.named(line);
      refusable(() -> Parameters.number("n", Optional.of(line), 1, 500, 100));
      refusable(() -> Parameters.oneOf("w", Optional.of(line), Word.class, Word.ONE));
      refusable(() -> CallLookup.id(line));
    }
    TranscriptFormat.accepted(Arrays.asList(lines));
  }

  /// Reads the gateway's settings.
  @FuzzTest
  public void settings(byte[] input) {
    SETTINGS.accepts(input);
  }

  private static void refusable(Runnable parser) {
    try {
      parser.run();
    } catch (ProblemException refused) {
      Assertion.check(
          refused.getMessage() == null || refused.getMessage().length() < 400,
          "a detail without a bound");
    }
  }
}
