package io.verbatim.record.archive;

import io.verbatim.record.database.StorableText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A tenant as a word of its lines in the index of the search. It is a digest, so that it has the
/// form of a word whatever the tenant's name contains. Who searches for it finds no lines of
/// others, because the tenant is a condition too.
public final class TenantWord {

  private TenantWord() {}

  /// `tenant` and 32 hexadecimal digits.
  public static String of(String tenant) {
    byte[] name = StorableText.of(tenant).getBytes(StandardCharsets.UTF_8);
    try {
      return "tenant" + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
