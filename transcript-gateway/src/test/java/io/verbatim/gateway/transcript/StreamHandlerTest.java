package io.verbatim.gateway.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class StreamHandlerTest {

  @Test
  void written_openChannel_completesAfterPendingBytes() {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());

    CompletionStage<Void> written = StreamHandler.written(channel);
    channel.runPendingTasks();

    assertThat(written).isCompleted();
    assertThat(channel.finish()).isTrue();
  }

  @Test
  void written_closedChannel_completes() {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
    channel.close();

    CompletionStage<Void> written = StreamHandler.written(channel);
    channel.runPendingTasks();

    assertThat(written).isCompleted();
  }
}
