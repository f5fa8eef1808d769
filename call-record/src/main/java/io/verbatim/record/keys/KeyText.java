package io.verbatim.record.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a key. Its secret has 40 random characters of 62, which is 238 bits, so a fast hash
/// protects it.
record KeyText(String id, String whole) {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 10;
  private static final int SECRET_LENGTH = 40;
  private static final Pattern FORM =
      Pattern.compile("vk_([0-9A-Za-z]{%d})_[0-9A-Za-z]{%d}".formatted(ID_LENGTH, SECRET_LENGTH));
  private static final SecureRandom RANDOM = new SecureRandom();

  static KeyText random() {
    String id = random(ID_LENGTH);
    return new KeyText(id, "vk_" + id + "_" + random(SECRET_LENGTH));
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /// Empty if the text is no key.
  static Optional<KeyText> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() ? Optional.of(new KeyText(matcher.group(1), text)) : Optional.empty();
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Does not contain the secret.
  @Override
  public String toString() {
    return "KeyText[" + id + "]";
  }
}
