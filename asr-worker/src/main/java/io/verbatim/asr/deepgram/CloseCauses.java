package io.verbatim.asr.deepgram;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.CloseCause.Lost.Reason;
import io.verbatim.asr.recognizer.CloseCause.Unsuitable.Problem;

/// Maps a refusal or a close by Deepgram to its meaning for the caller.
///
/// A close is classified by the token in its reason (`DATA-…`, `NET-…`): the codes differ between
/// generations of the service.
final class CloseCauses {
  private static final int MAX_DETAIL = 120;

  private CloseCauses() {}

  static CloseCause of(WebSocketCloseStatus status) {
    String text = status.reasonText() == null ? "" : cut(status.reasonText());
    if (text.contains("DATA-0000")) {
      return new CloseCause.Unsuitable(Problem.NOT_AUDIO, text);
    }
    int code = status.code() < 0 ? 1005 : status.code();
    Reason reason = code == 1006 ? Reason.DROPPED : Reason.CLOSED;
    if (text.contains("NET-0000")) {
      reason = Reason.NET_0000;
    } else if (text.contains("NET-0001")) {
      reason = Reason.NET_0001;
    }
    return new CloseCause.Lost(reason, code, text);
  }

  /// @param wasOpen whether the handshake had succeeded before
  static CloseCause of(Throwable error, boolean wasOpen) {
    if (error instanceof WebSocketClientHandshakeException refused) {
      HttpResponse response = refused.response();
      if (response != null) {
        return ofRefusal(response);
      }
    }
    String message = error.getMessage();
    return new CloseCause.Lost(
        wasOpen ? Reason.DROPPED : Reason.UNREACHABLE,
        1006,
        cut(message == null ? error.getClass().getSimpleName() : message));
  }

  private static CloseCause ofRefusal(HttpResponse response) {
    int status = response.status().code();
    String error = response.headers().get("dg-error");
    String request = response.headers().get("dg-request-id");
    String detail =
        cut(error == null ? response.status().reasonPhrase() : error)
            + (request == null ? "" : " (request " + cut(request) + ")");
    return switch (status) {
      case 401, 402, 403 -> new CloseCause.Denied(status, detail);
      case 400 -> new CloseCause.Unsuitable(Problem.BAD_REQUEST, detail);
      case 429 -> new CloseCause.Busy(detail);
      default -> new CloseCause.Lost(Reason.REFUSED, status, detail);
    };
  }

  private static String cut(String peersText) {
    String line = peersText.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL);
  }
}
