package io.verbatim.pubsub.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The properties of a call that are known at its start.
///
/// @param tenant the owner of the call's data; never blank
/// @param from the caller's number as received; never logged
/// @param to the called number as received; never logged
/// @param language the requested language as received; null means the recogniser's default
public record CallStart(
    CallId call,
    String tenant,
    Source source,
    AudioFormat format,
    @Nullable String from,
    @Nullable String to,
    @Nullable String language,
    Instant started) {

  /// The longest tenant that ingest writes.
  public static final int MAX_TENANT_CHARS = 128;

  /// The longest language that ingest writes.
  public static final int MAX_LANGUAGE_CHARS = 32;

  /// The protocol dialect of the call.
  public enum Source {
    EXOTEL,
    PCM;

    /// `exotel` or `pcm`.
    public String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public CallStart {
    if (tenant.isBlank()) {
      throw new IllegalArgumentException("tenant must not be blank");
    }
  }

  /// The same call under another id.
  public CallStart as(CallId other) {
    return new CallStart(other, tenant, source, format, from, to, language, started);
  }

  /// Contains neither phone number.
  @Override
  public String toString() {
    return "CallStart[" + call + ", " + source.wireName() + ", " + format + "]";
  }
}
