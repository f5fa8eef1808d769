package io.verbatim.gateway.export;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.gateway.view.EntryView;
import io.verbatim.gateway.view.Json;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The whole record as one JSON document: the call with its ledger, and the stream's `final`, `gap`
/// and `ended` events, in order, each with its id and type.
final class JsonDocument {

  private JsonDocument() {}

  private record Document(@JsonUnwrapped LedgerView call, List<Entry> entries) {}

  private record Entry(String id, String type, @JsonUnwrapped EntryView view) {}

  static String write(ExportedCall exported) {
    CallId call = exported.call().call();
    List<Entry> entries = exported.transcript().stream().map(entry -> entry(call, entry)).toList();
    return new String(Json.bytes(new Document(exported.ledger(), entries)), StandardCharsets.UTF_8);
  }

  private static Entry entry(CallId call, TranscriptEntry entry) {
    String type =
        switch (entry) {
          case TranscriptEntry.Final _ -> "final";
          case TranscriptEntry.Gap _ -> "gap";
          case TranscriptEntry.Ended _ -> "ended";
        };
    return new Entry(entry.cursor(), type, EntryView.of(call, entry));
  }
}
