package io.verbatim.pubsub.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The lines of a call's transcript, see [Link].
public final class Lines {
  private static final int DIGITS = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Lines() {}

  /// A random line for the start of a call's transcript.
  public static String random() {
    byte[] bytes = new byte[DIGITS / 2];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// The line of an entry: the first digits of the SHA-1 of the previous line, the id and the data.
  public static String next(String after, String id, String data) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest((after + id + data).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
