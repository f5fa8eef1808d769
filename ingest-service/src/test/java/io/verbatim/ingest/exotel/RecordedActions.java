package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.connection.CloseCode;
import java.util.ArrayList;
import java.util.List;

/// One stream and its recorded actions.
final class RecordedActions implements ExotelActions {
  /// One call of an action.
  sealed interface Action {
    record Open(ExotelStart start) implements Action {}

    @SuppressWarnings("ArrayRecordComponent")
    record Audio(byte[] bytes) implements Action {}

    record End(String reason) implements Action {}

    record AwaitClose() implements Action {}

    record Violation(ProtocolViolation violation, long times, String detail) implements Action {}

    record Close(CloseCode code, String reason) implements Action {}
  }

  private final List<Action> actions = new ArrayList<>();
  private final ExotelStream stream;

  RecordedActions(ExotelHints hints) {
    stream = new ExotelStream(hints, this);
  }

  ExotelStream stream() {
    return stream;
  }

  /// Passes a text frame to the stream and returns its actions.
  List<Action> text(String text, long nowNanos) {
    byte[] frame = text.getBytes(UTF_8);
    stream.text(frame, frame.length, nowNanos);
    return removeAll();
  }

  /// Passes a binary frame to the stream and returns its actions.
  List<Action> binary() {
    stream.binary();
    return removeAll();
  }

  private List<Action> removeAll() {
    List<Action> all = List.copyOf(actions);
    actions.clear();
    return all;
  }

  @Override
  public void open(ExotelStart start) {
    actions.add(new Action.Open(start));
  }

  @Override
  public void audio(byte[] pcm) {
    actions.add(new Action.Audio(pcm));
  }

  @Override
  public void end(String reason) {
    actions.add(new Action.End(reason));
  }

  @Override
  public void awaitClose() {
    actions.add(new Action.AwaitClose());
  }

  @Override
  public void record(ProtocolViolation violation, long times, String detail) {
    actions.add(new Action.Violation(violation, times, detail));
  }

  @Override
  public void close(CloseCode code, String reason, String detail) {
    actions.add(new Action.Close(code, reason + ": " + detail));
  }
}
