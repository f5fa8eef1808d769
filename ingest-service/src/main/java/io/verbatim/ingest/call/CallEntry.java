package io.verbatim.ingest.call;

/// Whether a call found a place.
public sealed interface CallEntry {

  /// It did, and is being opened.
  record In(LiveCall call) implements CallEntry {}

  /// It did not.
  ///
  /// @param limit what is used up
  record Full(Limit limit) implements CallEntry {}

  /// What bounds calls.
  enum Limit {
    CALLS("too_many_calls", "MAX_CALLS"),
    CALLS_OF_THE_TENANT("too_many_calls_of_tenant", "MAX_CALLS_PER_TENANT");

    private final String code;
    private final String setting;

    Limit(String code, String setting) {
      this.code = code;
      this.setting = setting;
    }

    /// Stable, for programs and counters.
    public String code() {
      return code;
    }

    /// In words, which name the setting.
    public String sentence() {
      return setting + " is reached: come again later.";
    }
  }
}
