package io.verbatim.ingest.call;

/// The result of admitting a call.
public sealed interface AdmissionResult {

  /// The call is admitted. The caller opens the session.
  record Admitted(CallSession session) implements AdmissionResult {}

  /// The call is rejected.
  ///
  /// @param limit the limit that is reached
  record Rejected(Limit limit) implements AdmissionResult {}

  /// A limit on the number of calls or connections.
  enum Limit {
    CALLS("too_many_calls", "MAX_CALLS"),
    CALLS_OF_THE_TENANT("too_many_calls_of_tenant", "MAX_CALLS_PER_TENANT"),
    CONNECTIONS("too_many_connections", "The limit on connections, twice MAX_CALLS,");

    private final String code;
    private final String name;

    Limit(String code, String name) {
      this.code = code;
      this.name = name;
    }

    /// The stable code, for programs and counters.
    public String code() {
      return code;
    }

    /// A message that names the setting.
    public String sentence() {
      return name + " is reached. Try again later.";
    }
  }
}
