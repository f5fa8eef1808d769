package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriterLiveness;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The state of one call: its writer, its owner, what is covered. Decides the result of every
/// request.
final class Call {
  private static final Duration ACTIVITY_STEP = Duration.ofSeconds(5);

  final StoredAudio audio = new StoredAudio();
  final Transcript transcript = new Transcript();

  private final CallStart start;
  private final long[] covered;
  private Instant lastActivity;
  private String writer;
  private boolean resumed;
  private long seq;
  private int partialBytes;
  private Instant lastHeartbeat;
  private boolean abandoned;
  private boolean deadLettered;
  private @Nullable String owner;
  private @Nullable String begunBy;
  private long epoch;
  private int deliveryCount;
  private long lostBytes;
  private long sentBefore;
  private long sentByOwner;
  private long finals;
  private long gapBytes;
  private long gapMs;
  private long unconfirmed;
  private @Nullable String endReason;

  Call(CallStart start, String writer, Instant now) {
    this.start = start;
    this.writer = writer;
    this.lastActivity = now;
    this.lastHeartbeat = now;
    covered = new long[start.format().channels()];
  }

  CallId id() {
    return start.call();
  }

  Instant lastActivity() {
    return lastActivity;
  }

  boolean hasEnded() {
    return endReason != null;
  }

  boolean hasOwner() {
    return owner != null;
  }

  /// Records a change of the call's state.
  void changed(Instant now) {
    lastActivity = now;
  }

  /// Records activity of the call. Returns whether the directory must report it.
  boolean active(Instant now) {
    boolean due = Duration.between(lastActivity, now).compareTo(ACTIVITY_STEP) >= 0;
    if (due) {
      lastActivity = now;
    }
    return due;
  }

  // The writer's side.

  Opening open(CallStart request, String newWriter, boolean resume) {
    if (!request.tenant().equals(start.tenant())) {
      return new Opening.Refused(Opening.Reason.OTHER_TENANT);
    }
    if (hasEnded() || audio.hasEnd()) {
      return new Opening.Refused(Opening.Reason.ENDED);
    }
    if (!newWriter.equals(writer)) {
      if (!resume) {
        return new Opening.Refused(Opening.Reason.EXISTS);
      }
      if (!request.format().equals(start.format())) {
        return new Opening.Refused(Opening.Reason.OTHER_FORMAT);
      }
      writer = newWriter;
      lastHeartbeat = Instant.now();
      resumed = true;
    }
    return opened();
  }

  Opening opened() {
    return new Opening.Opened(resumed, audio.tail(), lowestCovered(), seq, partialBytes);
  }

  WriteResult<AudioTail> append(AudioAppend append, Duration retention) {
    if (hasEnded() || audio.hasEnd()) {
      return new WriteResult.Ended<>();
    }
    if (!append.writer().equals(writer)) {
      return new WriteResult.Fenced<>();
    }
    if (append.expectedTail() != audio.tail()) {
      return new WriteResult.Moved<>(new AudioTail(audio.tail(), lowestCovered(), seq));
    }
    long begin = append.end() - append.pcm().length;
    long lost = begin - audio.tail();
    audio.append(new AudioSlice.Entry(begin, append.pcm(), append.arrivedMillis(), lost > 0));
    lostBytes += lost;
    long most = append.mostUnreadBytes();
    audio.trimBelow(
        audio.tail()
            - (hasConnectedRecognizer()
                ? most
                : Math.min(most, start.format().toBytes(retention))));
    seq = append.seq();
    partialBytes = append.partialBytes();
    return stored();
  }

  private boolean hasConnectedRecognizer() {
    RecognizerStatus status = transcript.recognizer();
    return hasOwner() && status != null && status.state() == RecognizerStatus.State.CONNECTED;
  }

  long trimOldest(String by, Duration least) {
    return hasEnded() || !by.equals(writer) ? 0 : audio.halve(start.format().toBytes(least));
  }

  WriteResult<AudioTail> endAudio(String by, long expectedTail, long end, String reason) {
    if (hasEnded()) {
      return new WriteResult.Ended<>();
    }
    if (!by.equals(writer)) {
      return new WriteResult.Fenced<>();
    }
    if (audio.hasEnd()) {
      return stored();
    }
    if (expectedTail != audio.tail()) {
      return new WriteResult.Moved<>(new AudioTail(audio.tail(), lowestCovered(), seq));
    }
    lostBytes += Math.max(0, end - audio.tail());
    audio.end(end, reason);
    return stored();
  }

  private WriteResult<AudioTail> stored() {
    return new WriteResult.Written<>(new AudioTail(audio.tail(), lowestCovered(), seq));
  }

  WriteResult<CallProgress> heartbeat(String by) {
    if (hasEnded()) {
      return new WriteResult.Ended<>();
    }
    if (!by.equals(writer)) {
      return new WriteResult.Fenced<>();
    }
    lastHeartbeat = Instant.now();
    return new WriteResult.Written<>(
        new CallProgress(hasOwner(), lowestCovered(), audio.tail(), audio.hasEnd()));
  }

  // The owner's side.

  /// Assigns the call to a worker and fences the previous owner.
  ///
  /// @param worker the claiming worker; counts a failed delivery if another worker died while this
  ///   was the call that it had begun last, and if there was audio to process
  Grant claim(String newOwner, String worker) {
    owner = newOwner;
    epoch++;
    sentBefore += sentByOwner;
    sentByOwner = 0;
    boolean idle =
        audio.tail() - lowestCovered() <= start.format().bytesPerSecond() / 10
            && !audio.hasEnd()
            && deliveryCount > 0;
    boolean failed = begunBy == null || (!begunBy.isEmpty() && !begunBy.equals(worker));
    if (failed && !idle) {
      deliveryCount++;
    }
    begunBy = worker;
    return new Grant(
        start,
        newOwner,
        epoch,
        deliveryCount,
        Arrays.stream(covered).boxed().toList(),
        transcript.interims());
  }

  /// From now on, the death of this worker is not counted as a failed delivery of the call.
  void unmarkBegun(String worker) {
    if (worker.equals(begunBy)) {
      begunBy = "";
    }
  }

  /// Removes the owner; the call has none until the next claim.
  void removeOwner() {
    owner = null;
  }

  AbandonOutcome abandon(String by, WriterLiveness liveness, Duration silence, String reason) {
    if (hasEnded() || !by.equals(owner)) {
      return new AbandonOutcome.NotOwner();
    }
    if (!audio.hasEnd()) {
      boolean silent = liveness.untilMillis() - lastHeartbeat.toEpochMilli() >= silence.toMillis();
      if (!silent || !liveness.hasLasted(silence)) {
        return new AbandonOutcome.Waiting(liveness);
      }
      audio.end(audio.tail(), reason);
      abandoned = true;
    }
    return new AbandonOutcome.Abandoned();
  }

  WriteResult<Long> append(String by, Coverage coverage, Speech words) {
    return cover(
        by,
        coverage,
        () -> {
          addFinal(coverage.to(), words);
          unconfirmed += words.unconfirmed() ? 1 : 0;
        });
  }

  WriteResult<Long> cover(String by, Coverage coverage) {
    return cover(by, coverage, () -> {});
  }

  private WriteResult<Long> cover(String by, Coverage coverage, Runnable write) {
    return asOwner(
        by,
        () -> {
          int channel = coverage.channel();
          if (coverage.from() != covered[channel]) {
            return new WriteResult.Moved<>(covered[channel]);
          }
          write.run();
          transcript.removeInterim(channel);
          move(channel, coverage.to());
          audio.trimBelow(lowestCovered());
          return new WriteResult.Written<>(coverage.to());
        });
  }

  WriteResult<Long> appendGap(String by, long from, long to, String reason) {
    return asOwner(
        by,
        () -> {
          if (from != lowestCovered()) {
            return new WriteResult.Moved<>(lowestCovered());
          }
          writeGap(to, reason);
          return new WriteResult.Written<>(to);
        });
  }

  WriteResult<Long> recordSent(String by, long bytes) {
    return asOwner(
        by,
        () -> {
          sentByOwner = bytes;
          return new WriteResult.Written<>(lowestCovered());
        });
  }

  WriteResult<Long> setInterim(String by, Speech interim) {
    return asOwner(
        by,
        () -> {
          transcript.setInterim(interim);
          return new WriteResult.Written<>(covered[interim.channel()]);
        });
  }

  WriteResult<Long> setRecognizer(String by, RecognizerStatus status) {
    return asOwner(
        by,
        () -> {
          transcript.setRecognizer(status);
          return new WriteResult.Written<>(lowestCovered());
        });
  }

  WriteResult<Long> end(
      String by, List<Long> expected, long end, String reason, UncoveredTail uncovered) {
    return asOwner(
        by,
        () -> {
          for (int channel = 0; channel < expected.size(); channel++) {
            if (covered[channel] != expected.get(channel)) {
              return new WriteResult.Moved<>(covered[channel]);
            }
          }
          audio.end(end, reason);
          deadLettered = uncovered.deadLettered();
          long last = audio.tail();
          if (lowestCovered() < last && !uncovered.unconfirmed().isEmpty()) {
            writeUnconfirmed(
                Math.clamp(uncovered.unconfirmedTo(), lowestCovered(), last), uncovered);
          }
          if (lowestCovered() < last) {
            writeGap(last, uncovered.reason());
          }
          for (int channel = 0; channel < covered.length; channel++) {
            transcript.removeInterim(channel);
          }
          long millis = start.format().toMillis(last);
          boolean complete = isComplete();
          transcript.add(
              last,
              reason + millis + complete,
              (id, link) -> new TranscriptEntry.Ended(id, link, reason, millis, complete));
          audio.clear();
          endReason = reason;
          owner = null;
          return new WriteResult.Written<>(last);
        });
  }

  private WriteResult<Long> asOwner(String by, Supplier<WriteResult<Long>> write) {
    if (hasEnded()) {
      return new WriteResult.Ended<>();
    }
    return by.equals(owner) ? write.get() : new WriteResult.Fenced<>();
  }

  private void writeGap(long to, String reason) {
    long from = lowestCovered();
    if (to <= from) {
      throw new IllegalArgumentException(
          "the gap ends at " + to + "; it must end above covered " + from);
    }
    long startMs = start.format().toMillis(from);
    long endMs = start.format().toMillis(to);
    transcript.add(
        to,
        startMs + "," + endMs + "," + reason,
        (id, link) -> new TranscriptEntry.Gap(id, link, startMs, endMs, reason));
    gapBytes += to - from;
    gapMs += endMs - startMs;
    moveAll(to);
  }

  private void writeUnconfirmed(long unconfirmedTo, UncoveredTail uncovered) {
    for (Speech words : uncovered.unconfirmed()) {
      addFinal(unconfirmedTo, words);
    }
    unconfirmed += uncovered.unconfirmed().size();
    moveAll(unconfirmedTo);
  }

  private void addFinal(long end, Speech words) {
    transcript.add(
        end,
        words.toString(),
        (id, link) ->
            new TranscriptEntry.Final(id, link, ++finals, words, System.currentTimeMillis()));
  }

  private void moveAll(long to) {
    for (int channel = 0; channel < covered.length; channel++) {
      if (covered[channel] < to) {
        transcript.removeInterim(channel);
        move(channel, to);
      }
    }
    audio.trimBelow(lowestCovered());
  }

  private void move(int channel, long to) {
    if (to > covered[channel]) {
      covered[channel] = to;
      deliveryCount = 0;
    }
  }

  private long lowestCovered() {
    return Arrays.stream(covered).min().orElseThrow();
  }

  private boolean isComplete() {
    return gapBytes == 0 && unconfirmed == 0 && !abandoned && !deadLettered;
  }

  CallRecord snapshot() {
    return new CallRecord(
        start,
        hasEnded() ? CallRecord.State.ENDED : CallRecord.State.LIVE,
        lastActivity,
        Optional.ofNullable(endReason),
        hasEnded() && isComplete(),
        transcript.recognizer(),
        finals,
        audio.tail(),
        lostBytes,
        sentBefore + sentByOwner,
        lowestCovered(),
        gapBytes,
        gapMs,
        unconfirmed,
        epoch);
  }
}
