package io.verbatim.ingest.call;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.Opening.Opened;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.pubsub.message.Opening.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Opens a call in the log under the first free id. Confined to the event loop.
///
/// If the id of an Exotel stream is open or has ended, the stream becomes a separate call:
/// `<id>.2`, `.3` and so on. A pcm call is opened only under its own id.
final class CallOpener {
  private static final int MAX_STREAMS = 1000;

  private final AudioLog log;

  CallOpener(AudioLog log) {
    this.log = log;
  }

  /// The log's answer, and the start with the id that was used.
  record Result(CallStart start, Opening opening) {}

  /// Opens the call. Fails if the bus is away; the caller may then repeat it with the same writer.
  CompletionStage<Result> open(CallStart start, String writer, boolean resume) {
    return attempt(start, writer, resume, 1);
  }

  private CompletionStage<Result> attempt(
      CallStart start, String writer, boolean resume, int stream) {
    CallStart candidate = stream == 1 ? start : start.as(streamOf(start.call(), stream));
    return log.open(candidate, writer, resume)
        .thenCompose(opening ->
            switch (opening) {
              case Opened opened -> done(candidate, opened);
              case Refused(Reason reason)
                  when start.source() == Source.EXOTEL
                      && (reason == Reason.EXISTS || reason == Reason.ENDED)
                      && hasNext(start.call(), stream) ->
                  attempt(start, writer, resume, stream + 1);
              case Refused refused -> done(candidate, refused);
            });
  }

  private static CompletionStage<Result> done(CallStart start, Opening opening) {
    return CompletableFuture.completedFuture(new Result(start, opening));
  }

  private static boolean hasNext(CallId call, int stream) {
    return stream < MAX_STREAMS && CallId.isValid(call + "." + (stream + 1));
  }

  private static CallId streamOf(CallId call, int stream) {
    return new CallId(call + "." + stream);
  }
}
