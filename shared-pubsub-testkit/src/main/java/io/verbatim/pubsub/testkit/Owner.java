package io.verbatim.pubsub.testkit;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.OwnerOutcome;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Rest;
import io.verbatim.pubsub.message.Speech;
import java.util.List;

/// A worker's hand on one call: every write carries the token of its grant.
record Owner(Bus bus, Grant grant) {

  /// Somebody who writes to a call with a token of their own making.
  static Owner impostor(Bus bus, Grant grant, String token) {
    return new Owner(
        bus,
        new Grant(
            grant.start(), token, grant.epoch(), grant.takes(), grant.covered(), grant.interims()));
  }

  CallId call() {
    return grant.call();
  }

  /// Writes a final of channel 0.
  OwnerOutcome says(long from, long to, String text) {
    return says(new Coverage(0, from, to), text);
  }

  OwnerOutcome says(Coverage coverage, String text) {
    Speech words = Samples.speech("s" + coverage.to(), coverage.channel(), text);
    return Answers.of(log().append(call(), grant.owner(), coverage, words));
  }

  OwnerOutcome covers(int channel, long from, long to) {
    return Answers.of(log().cover(call(), grant.owner(), new Coverage(channel, from, to)));
  }

  OwnerOutcome gap(long from, long to, String reason) {
    return Answers.of(log().appendGap(call(), grant.owner(), from, to, reason));
  }

  /// Notes how much it has sent to a recogniser in all.
  OwnerOutcome hasSent(long bytes) {
    return Answers.of(log().noteSent(call(), grant.owner(), bytes));
  }

  OwnerOutcome interim(Speech speech) {
    return Answers.of(log().setInterim(call(), grant.owner(), speech));
  }

  OwnerOutcome recognizer(RecognizerStatus status) {
    return Answers.of(log().setRecognizer(call(), grant.owner(), status));
  }

  /// Ends the call; unconfirmed words reach to its end.
  OwnerOutcome ends(long end, Speech... unconfirmed) {
    return ends(end, new Rest(List.of(unconfirmed), end, "unfinished"));
  }

  OwnerOutcome ends(long end, Rest rest) {
    return Answers.of(log().end(call(), grant.owner(), List.of(), end, "stop", rest));
  }

  OwnerOutcome endsBelieving(List<Long> covered, long end) {
    return Answers.of(
        log().end(call(), grant.owner(), covered, end, "stop", Rest.unheard("unfinished")));
  }

  /// Tries every write there is, in a way that would succeed for the owner of an uncovered call.
  List<OwnerOutcome> triesEverything() {
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
