package io.verbatim.pubsub.message;

/// The bus could not be asked, or did not answer in time: whether the request was carried out is
/// not known.
///
/// Every request of the ports may be made again unchanged after it.
public sealed class BusUnavailableException extends RuntimeException permits BusFullException {
  private static final long serialVersionUID = 1L;

  public BusUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public BusUnavailableException(String message) {
    super(message);
  }
}
