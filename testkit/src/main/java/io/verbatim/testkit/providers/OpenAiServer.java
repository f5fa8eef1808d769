package io.verbatim.testkit.providers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/// OpenAI's API for recordings and for chats, at one address.
public final class OpenAiServer extends ProviderServer {

  private final WhisperRecordings recordings;
  private final ChatTranslations chats;

  /// Closes both with itself.
  public OpenAiServer(WhisperRecordings recordings, ChatTranslations chats) {
    this.recordings = recordings;
    this.chats = chats;
  }

  @Override
  Answer answer(HttpExchange exchange) throws IOException {
    return exchange.getRequestURI().getPath().startsWith("/v1/audio/")
        ? recordings.answer(exchange)
        : chats.answer(exchange);
  }

  @Override
  public void close() {
    super.close();
    recordings.close();
    chats.close();
  }
}
