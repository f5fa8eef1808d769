package io.verbatim.batch.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A range of a file as the body of a request, with its length, read as it is sent.
record FilePart(Path file, long start, long bytes) {

  BodyPublisher publisher() {
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), bytes);
  }

  private InputStream open() {
    try {
      return new Range(FileChannel.open(file, StandardOpenOption.READ), start, start + bytes);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// The bytes of an open file from a position to another. Closes the file.
  private static final class Range extends InputStream {
    private final FileChannel in;
    private final long end;
    private long position;

    Range(FileChannel in, long start, long end) {
      this.in = in;
      this.position = start;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (position >= end) {
        return -1;
      }
      int wanted = (int) Math.min(length, end - position);
      int read = in.read(ByteBuffer.wrap(target, offset, wanted), position);
      position += Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
