package io.verbatim.asr.deepgram;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import io.verbatim.service.EventLoop;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// TLS to the recogniser. The costly parts of each handshake (key exchange, certificate checks) run
/// off the event loop: a hundred calls taken over at once would otherwise block the loop for longer
/// than a lease.
final class OffloadedTls extends JdkSslContext {
  private final Executor executor;

  /// Loads the trusted certificates and the classes of a handshake. This takes a second, so it must
  /// not run on the event loop.
  OffloadedTls(EventLoop loop, SSLContext trust) {
    super(
        trust,
        true,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        ApplicationProtocolConfig.DISABLED,
        ClientAuth.NONE,
        null,
        false);
    executor = task -> loop.offload(Executors.callable(task));
    loadClasses();
  }

  /// Produces the first message of a handshake and discards it.
  private void loadClasses() {
    SSLEngine engine = newEngine(ByteBufAllocator.DEFAULT, "localhost", 443);
    try {
      engine.wrap(
          ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    } catch (SSLException e) {
      throw new IllegalStateException("TLS is not available: " + e.getMessage(), e);
    }
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls) {
    SSLEngine engine = newEngine(allocator, peerHost, peerPort);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return new SslHandler(engine, startTls, executor);
  }
}
