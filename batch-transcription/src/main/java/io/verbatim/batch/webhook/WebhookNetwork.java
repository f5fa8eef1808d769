package io.verbatim.batch.webhook;

import java.net.InetAddress;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;

/// What a [Webhook] may connect to, and whom it trusts.
///
/// No setting changes it. A test that needs a receiver on loopback passes its own network in code.
///
/// @param allowed whether an address that a name resolved to may be connected to
/// @param tls verifies the receiver's certificate
public record WebhookNetwork(Predicate<InetAddress> allowed, SSLSocketFactory tls) {

  /// The internet, without private, loopback, link-local and other special addresses.
  public static WebhookNetwork internet() {
    return new WebhookNetwork(
        PublicAddress::isPublic, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }
}
