package io.verbatim.pubsub.message;

/// The bus answered that it is out of memory. Nothing of the request was written.
public final class BusFullException extends BusUnavailableException {
  private static final long serialVersionUID = 1L;

  public BusFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
