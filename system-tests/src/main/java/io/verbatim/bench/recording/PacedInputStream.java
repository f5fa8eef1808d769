package io.verbatim.bench.recording;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/// A stream that is read at most at a rate. For one thread at a time.
final class PacedInputStream extends FilterInputStream {
  private final double nanosPerByte;
  private final Runnable atEnd;
  private final long startedNanos = System.nanoTime();
  private long bytes;

  /// @param atEnd runs when the last byte was read
  PacedInputStream(InputStream in, double megabitsPerSecond, Runnable atEnd) {
    super(in);
    this.nanosPerByte = 8000 / megabitsPerSecond;
    this.atEnd = atEnd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    long early = startedNanos + (long) (bytes * nanosPerByte) - System.nanoTime();
    if (early > 0) {
      LockSupport.parkNanos(early);
    }
    int read = super.read(into, offset, length);
    if (read < 0) {
      atEnd.run();
    } else {
      bytes += read;
    }
    return read;
  }
}
