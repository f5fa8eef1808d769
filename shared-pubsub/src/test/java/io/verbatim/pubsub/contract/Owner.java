package io.verbatim.pubsub.contract;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.List;

/// The owner of one call: every write carries the token of its grant.
public record Owner(Bus bus, Grant grant) {

  /// A writer to the call with another token.
  public static Owner withToken(Bus bus, Grant grant, String token) {
    return new Owner(
        bus,
        new Grant(
            grant.start(),
            token,
            grant.epoch(),
            grant.deliveryCount(),
            grant.covered(),
            grant.interims()));
  }

  public CallId call() {
    return grant.call();
  }

  /// Writes a final of channel 0.
  public WriteResult<Long> appendFinal(long from, long to, String text) {
    return appendFinal(new Coverage(0, from, to), text);
  }

  public WriteResult<Long> appendFinal(Coverage coverage, String text) {
    Speech words = Samples.speech("s" + coverage.to(), coverage.channel(), text);
    return Answers.of(log().append(call(), grant.owner(), coverage, words));
  }

  public WriteResult<Long> cover(int channel, long from, long to) {
    return Answers.of(log().cover(call(), grant.owner(), new Coverage(channel, from, to)));
  }

  public WriteResult<Long> appendGap(long from, long to, String reason) {
    return Answers.of(log().appendGap(call(), grant.owner(), from, to, reason));
  }

  /// Records how much audio it has sent to a recogniser in total.
  public WriteResult<Long> recordSent(long bytes) {
    return Answers.of(log().recordSent(call(), grant.owner(), bytes));
  }

  public WriteResult<Long> setInterim(Speech speech) {
    return Answers.of(log().setInterim(call(), grant.owner(), speech));
  }

  public WriteResult<Long> setRecognizer(RecognizerStatus status) {
    return Answers.of(log().setRecognizer(call(), grant.owner(), status));
  }

  /// Ends the call with unconfirmed words up to its end.
  public WriteResult<Long> end(long end, Speech... unconfirmed) {
    return end(end, new UncoveredTail(List.of(unconfirmed), end, "unfinished"));
  }

  public WriteResult<Long> end(long end, UncoveredTail uncovered) {
    return Answers.of(log().end(call(), grant.owner(), List.of(), end, "stop", uncovered));
  }

  public WriteResult<Long> endExpecting(List<Long> covered, long end) {
    return Answers.of(
        log().end(call(), grant.owner(), covered, end, "stop", UncoveredTail.gap("unfinished")));
  }

  /// Tries every kind of write, each valid for the owner of an uncovered call.
  public List<WriteResult<Long>> tryEveryWrite() {
    return List.of(
        appendFinal(0, Samples.FRAME, "words"),
        cover(0, 0, 0),
        appendGap(0, Samples.FRAME, "lost"),
        recordSent(Samples.FRAME),
        setInterim(Samples.speech("i1", 0, "interim")),
        setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", "")),
        end(0));
  }

  private TranscriptLog log() {
    return bus.transcripts();
  }
}
