package io.verbatim.batch.job;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The settings of the work on recordings.
///
/// @param directory for uploads
/// @param maxJobs recordings at once
/// @param maxUploadBytes of one request
/// @param minFreeBytes that uploads leave free on the disk
/// @param timeout of one request to a provider, and of one run of ffmpeg
/// @param jobRetention how long the result of a job is kept
/// @param programs directories of ffmpeg, as in the variable PATH
public record BatchSettings(
    Path directory,
    int maxJobs,
    long maxUploadBytes,
    long minFreeBytes,
    Duration timeout,
    Duration jobRetention,
    String programs,
    Optional<Account> deepgram,
    Optional<Account> whisper,
    Optional<Account> assemblyAi) {

  /// An account with a provider. The key is never logged.
  ///
  /// @param url scheme and host
  public record Account(URI url, String key) {
    @Override
    public String toString() {
      return "Account[" + url + "]";
    }
  }
}
