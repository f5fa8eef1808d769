package io.verbatim.asr.call;

/// Runs a step until no further run is requested: a request from within the step causes one more
/// run after it, never a nested one. Confined to the event loop.
final class StepLoop {
  private final Runnable step;
  private boolean running;
  private boolean again;

  StepLoop(Runnable step) {
    this.step = step;
  }

  /// Runs the step, once or more.
  void run() {
    again = true;
    if (running) {
      return;
    }
    running = true;
    try {
      while (again) {
        again = false;
        step.run();
      }
    } finally {
      running = false;
    }
  }
}
