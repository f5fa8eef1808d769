package io.verbatim.gateway.usage;

import io.verbatim.record.usage.UsageRow;
import java.util.List;

/// Writes usage as CSV (RFC 4180), with a header.
final class UsageCsv {

  private static final String HEADER =
      "period,tenant,kind,calls,received_ms,transcribed_ms,gap_ms,sent_ms,replayed_ms,finals,words,"
          + "batch_jobs,translations";
  private static final String END_OF_LINE = "\r\n";

  private UsageCsv() {}

  static String write(List<UsageRow> rows) {
    var out = new StringBuilder(HEADER).append(END_OF_LINE);
    for (UsageRow row : rows) {
      out.append(row.period())
          .append(',')
          .append(quoted(row.tenant()))
          .append(',')
          .append(row.kind());
      for (long number :
          new long[] {
            row.calls(),
            row.receivedMs(),
            row.transcribedMs(),
            row.gapMs(),
            row.sentMs(),
            row.replayedMs(),
            row.finals(),
            row.words(),
            row.batchJobs(),
            row.translations()
          }) {
        out.append(',').append(number);
      }
      out.append(END_OF_LINE);
    }
    return out.toString();
  }

  /// Quotes a text. A caller chooses its tenant's name, and spreadsheets run a text that begins
  /// like a formula, so such a text gets an apostrophe.
  static String quoted(String text) {
    boolean isFormula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    return '"' + (isFormula ? "'" : "") + text.replace("\"", "\"\"") + '"';
  }
}
