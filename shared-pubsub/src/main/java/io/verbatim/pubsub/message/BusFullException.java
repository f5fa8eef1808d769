package io.verbatim.pubsub.message;

/// The bus is there and has no room for what was asked: nothing of it was written.
public final class BusFullException extends BusUnavailableException {
  private static final long serialVersionUID = 1L;

  public BusFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
