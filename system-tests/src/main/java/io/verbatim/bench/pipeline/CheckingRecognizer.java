package io.verbatim.bench.pipeline;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.setup.Loop;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.RecordedSession;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Pace;
import io.verbatim.testkit.deepgram.StandInListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The stand-in for Deepgram on one event loop. Counts the frames of every call and measures the
/// age of each at its arrival. Its creator closes it.
final class CheckingRecognizer implements StandInListener, AutoCloseable {
  /// A final covers this many frames. Its only word is the number of the last one.
  static final int FRAMES_PER_FINAL = Pace.SPARSE.framesPerFinal();

  /// The ages of frames at their arrival.
  ///
  /// @param opening of the frames of each session's first second, which include the wait for a
  ///   worker and a handshake
  /// @param flowing of all other frames
  record Ages(Latencies opening, Latencies flowing) {}

  private final Map<Integer, RecognizedCall> calls = new ConcurrentHashMap<>();
  private final AtomicLong frames = new AtomicLong();
  private final DeepgramStandIn standIn;
  private volatile Latencies opening = new Latencies();
  private volatile Latencies flowing = new Latencies();

  CheckingRecognizer(Loop loop) {
    standIn =
        DeepgramStandIn.endless(this, loop.server())
            .plan(_ -> SessionPlan.regular().pace(Pace.SPARSE));
  }

  String url() {
    return standIn.url().toString();
  }

  /// Removes all calls and ages, because the next run uses the same call numbers.
  void begin() {
    calls.clear();
    takeAges();
  }

  /// Returns the ages measured since the last call of this method and starts new records.
  Ages takeAges() {
    Ages ages = new Ages(opening, flowing);
    opening = new Latencies();
    flowing = new Latencies();
    return ages;
  }

  @Override
  public void received(RecordedSession session, long sentNanos, boolean expected) {
    int count = session.frameCount(0);
    Latencies latencies = count <= FRAMES_PER_FINAL ? opening : flowing;
    latencies.record(System.nanoTime() - sentNanos);
    frames.lazySet(frames.get() + 1);
    session
        .call()
        .ifPresent(number -> {
          RecognizedCall call = calls.computeIfAbsent(number, _ -> new RecognizedCall());
          if (count == 1) {
            call.sessionOpened();
          }
          call.received(1, expected ? 0 : 1);
        });
  }

  /// The number of frames received so far, of all calls.
  long frames() {
    return frames.get();
  }

  Map<Integer, RecognizedCall> calls() {
    return calls;
  }

  @Override
  public void close() {
    standIn.close();
  }
}
