package io.verbatim.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.fuzz.Settings;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.export.TranscriptExport;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.gateway.hub.EntryIds;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.Json;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.gateway.web.Origins;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.redis.EntryReading;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What reaches watchers out of Redis, and what watchers send.
public final class WatcherReading {
  private static final CallId CALL = new CallId("call");
  private static final CallRecord RECORD =
      EntryReading.call(
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
  private static final Settings SETTINGS = new Settings(GatewayApplication.SERVICE);

  private enum Word {
    ONE,
    ANOTHER
  }

  private WatcherReading() {}

  /// Reads an entry of a transcript and writes it on, in every form there is.
  public static void transcript(byte[] input) {
    EntryReading.transcript(input)
        .ifPresent(entry -> {
          Claim.that(TranscriptEvents.entry(CALL, entry).size() > 0, "an event of no bytes");
          Claim.that(!entry.cursor().isEmpty(), "an entry without a cursor");
          List<TranscriptEntry> all = List.of(entry, entry);
          for (TranscriptFormat format : TranscriptFormat.values()) {
            if (format != TranscriptFormat.SSE) {
              TranscriptExport.write(format, RECORD, all, false);
            }
          }
        });
  }

  /// Reads the two kinds of the register's values and writes them on.
  public static void register(byte[] input) {
    EntryReading.interim(input).ifPresent(speech -> TranscriptEvents.interim(CALL, speech));
    EntryReading.status(input).ifPresent(status -> TranscriptEvents.status(CALL, status));
  }

  /// Reads a call's hash and shows it to both kinds of viewers.
  public static void call(byte[] input) {
    EntryReading.call(input)
        .ifPresent(call -> {
          Json.bytes(CallView.of(call, true));
          Json.bytes(LedgerView.of(call, List.of(), false));
          TranscriptEvents.call(CallView.of(call, false));
        });
  }

  /// Reads a request's parts, a line each: the origin, the host, a number, a word, an id, a call.
  public static void request(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 8);
    String first = lines[0];
    String second = lines.length > 1 ? lines[1] : "";
    ORIGINS.isOurs(first, second);
    for (String line : lines) {
      EntryIds.inCursor(line)
          .ifPresent(id -> Claim.that(EntryIds.isValid(id), "a cursor without a valid id"));
      TranscriptFormat.named(line);
      refusable(() -> Parameters.number("n", Optional.of(line), 1, 500, 100));
      refusable(() -> Parameters.oneOf("w", Optional.of(line), Word.class, Word.ONE));
      refusable(() -> CallLookup.id(line));
    }
    TranscriptFormat.accepted(Arrays.asList(lines));
  }

  /// Reads the gateway's settings.
  public static void settings(byte[] input) {
    SETTINGS.read(input);
  }

  private static void refusable(Runnable reading) {
    try {
      reading.run();
    } catch (ProblemException refused) {
      Claim.that(refused.getMessage() == null || refused.getMessage().length() < 400, "too long");
    }
  }
}
