package io.verbatim.pubsub.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a call when it begins.
///
/// @param tenant whose call it is; never blank
/// @param from the caller's number as the source gave it; never logged
/// @param to the called number as the source gave it; never logged
/// @param language the language asked for, as the source gave it; absent means the recogniser's
///   default
public record CallStart(
    CallId call,
    String tenant,
    Source source,
    AudioFormat format,
    @Nullable String from,
    @Nullable String to,
    @Nullable String language,
    Instant started) {

  /// Which dialect the call came by.
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
      throw new IllegalArgumentException("a call has a tenant");
    }
  }

  /// The same call under another id.
  public CallStart as(CallId other) {
    return new CallStart(other, tenant, source, format, from, to, language, started);
  }

  /// Names the call and its shape, but neither number.
  @Override
  public String toString() {
    return "CallStart[" + call + ", " + source.wireName() + ", " + format + "]";
  }
}
