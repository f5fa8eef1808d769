package io.verbatim.pubsub.message;

/// The bus was not reachable or did not answer in time. Whether it executed the request is unknown.
///
/// Every request of the ports may be retried unchanged.
public sealed class BusUnavailableException extends RuntimeException permits BusFullException {
  private static final long serialVersionUID = 1L;

  public BusUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public BusUnavailableException(String message) {
    super(message);
  }
}
