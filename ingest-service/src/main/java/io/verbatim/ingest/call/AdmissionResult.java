package io.verbatim.ingest.call;

/// Whether one more call is admitted.
public sealed interface AdmissionResult {

  /// It is. The caller opens the session.
  record Admitted(CallSession session) implements AdmissionResult {}

  /// It is not.
  ///
  /// @param limit what is reached
  record Rejected(Limit limit) implements AdmissionResult {}

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

    /// One sentence, which names the setting.
    public String sentence() {
      return setting + " is reached. Try again later.";
    }
  }
}
