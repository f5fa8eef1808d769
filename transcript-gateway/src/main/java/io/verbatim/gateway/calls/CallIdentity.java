package io.verbatim.gateway.calls;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Names one call of all that have or had its id: other tenants may use the same id, and so may a
/// later call of the same tenant after this one expired or was erased.
///
/// @param started to the microsecond, as in the database
public record CallIdentity(CallId call, String tenant, Instant started) {

  public CallIdentity {
    started = started.truncatedTo(ChronoUnit.MICROS);
  }

  public static CallIdentity of(CallRecord call) {
    CallStart start = call.start();
    return new CallIdentity(start.call(), start.tenant(), start.started());
  }
}
