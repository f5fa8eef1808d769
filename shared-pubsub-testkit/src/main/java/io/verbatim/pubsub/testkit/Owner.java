package io.verbatim.pubsub.testkit;

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

/// A worker's hand on one call: every write carries the token of its grant.
record Owner(Bus bus, Grant grant) {

  /// Somebody who writes to a call with a token of their own making.
  static Owner impostor(Bus bus, Grant grant, String token) {
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

  CallId call() {
    return grant.call();
  }

  /// Writes a final of channel 0.
  WriteResult<Long> says(long from, long to, String text) {
    return says(new Coverage(0, from, to), text);
  }

  WriteResult<Long> says(Coverage coverage, String text) {
    Speech words = Samples.speech("s" + coverage.to(), coverage.channel(), text);
    return Answers.of(log().append(call(), grant.owner(), coverage, words));
  }

  WriteResult<Long> covers(int channel, long from, long to) {
    return Answers.of(log().cover(call(), grant.owner(), new Coverage(channel, from, to)));
  }

  WriteResult<Long> gap(long from, long to, String reason) {
    return Answers.of(log().appendGap(call(), grant.owner(), from, to, reason));
  }

  /// Notes how much it has sent to a recogniser in all.
  WriteResult<Long> hasSent(long bytes) {
    return Answers.of(log().noteSent(call(), grant.owner(), bytes));
  }

  WriteResult<Long> interim(Speech speech) {
    return Answers.of(log().setInterim(call(), grant.owner(), speech));
  }

  WriteResult<Long> recognizer(RecognizerStatus status) {
    return Answers.of(log().setRecognizer(call(), grant.owner(), status));
  }

  /// Ends the call; unconfirmed words reach to its end.
  WriteResult<Long> ends(long end, Speech... unconfirmed) {
    return ends(end, new UncoveredTail(List.of(unconfirmed), end, "unfinished"));
  }

  WriteResult<Long> ends(long end, UncoveredTail rest) {
    return Answers.of(log().end(call(), grant.owner(), List.of(), end, "stop", rest));
  }

  WriteResult<Long> endsBelieving(List<Long> covered, long end) {
    return Answers.of(
        log()
            .end(call(), grant.owner(), covered, end, "stop", UncoveredTail.unheard("unfinished")));
  }

  /// Tries every write there is, in a way that would succeed for the owner of an uncovered call.
  List<WriteResult<Long>> triesEverything() {
    return List.of(
        says(0, Samples.FRAME, "words"),
        covers(0, 0, 0),
        gap(0, Samples.FRAME, "lost"),
        hasSent(Samples.FRAME),
        interim(Samples.speech("i1", 0, "interim")),
        recognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", "")),
        ends(0));
  }

  private TranscriptLog log() {
    return bus.transcripts();
  }
}
