package io.verbatim.batch.failure;

/// The kinds of failures of a request, for the caller's decision and for counters.
public enum FailureKind {
  /// A field of the request has an invalid value.
  INVALID_FIELD,
  /// The recording is shorter than a recogniser accepts.
  TOO_SHORT,
  /// The request has more bytes, or a longer recording, than is allowed.
  TOO_LARGE,
  /// The format is none that the path accepts.
  UNSUPPORTED_FORMAT,
  /// The recording cannot be read.
  UNREADABLE,
  /// The format needs ffmpeg, which is not installed.
  FFMPEG_MISSING,
  /// The disk cannot hold the recording.
  DISK_FULL,
  /// The upload stopped, or is too slow.
  UPLOAD_STALLED,
  /// All slots are in use.
  BUSY,
  /// The provider's key is not set.
  KEY_MISSING,
  /// The provider refuses the key.
  KEY_REFUSED,
  /// The provider's account has no quota left.
  QUOTA_EXCEEDED,
  /// The provider still refuses requests as too many after all retries.
  RATE_LIMITED,
  /// The provider does not answer in time.
  TIMEOUT,
  /// The provider cannot be reached, fails, or sends an unreadable answer.
  UNAVAILABLE,
  /// The provider rejects this request.
  REJECTED,
  /// The work was cancelled, or the process stops.
  CANCELLED,
  /// A defect of ours. The log has the details.
  INTERNAL;

  /// Whether another provider may succeed where this one failed.
  public boolean isOutage() {
    return switch (this) {
      case QUOTA_EXCEEDED, RATE_LIMITED, TIMEOUT, UNAVAILABLE -> true;
      case INVALID_FIELD,
          TOO_SHORT,
          TOO_LARGE,
          UNSUPPORTED_FORMAT,
          UNREADABLE,
          FFMPEG_MISSING,
          DISK_FULL,
          UPLOAD_STALLED,
          BUSY,
          KEY_MISSING,
          KEY_REFUSED,
          REJECTED,
          CANCELLED,
          INTERNAL ->
          false;
    };
  }
}
