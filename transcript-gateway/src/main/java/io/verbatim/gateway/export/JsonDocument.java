package io.verbatim.gateway.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.view.CallDetail;
import io.verbatim.gateway.view.EntryView;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// The complete record as one JSON document: the call with its ledger and its statistics, and the
/// stream's `final`, `gap` and `ended` events, in order, each with its id and type.
final class JsonDocument implements Document {

  private record Entry(String id, String type, @JsonUnwrapped EntryView view) {}

  private final ExportedCall exported;
  private boolean hasEntries;

  JsonDocument(ExportedCall exported) {
    this.exported = exported;
  }

  /// The call's object without its closing brace, and the list of entries as its last field.
  @Override
  public String begin() {
    String call = text(new CallDetail(exported.ledger(), exported.summary().statistics()));
    return call.substring(0, call.length() - 1) + ",\"entries\":[";
  }

  @Override
  public String page(List<TranscriptEntry> entries) {
    var out = new StringBuilder();
    for (TranscriptEntry entry : entries) {
      out.append(hasEntries ? "," : "").append(text(entry(exported.call().call(), entry)));
      hasEntries = true;
    }
    return out.toString();
  }

  @Override
  public String end() {
    return "]}";
  }

  private static String text(Object view) {
    return new String(Json.bytes(view), UTF_8);
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
