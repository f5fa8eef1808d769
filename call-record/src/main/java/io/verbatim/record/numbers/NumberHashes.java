package io.verbatim.record.numbers;

import io.verbatim.record.database.StorableText;
import io.verbatim.service.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Hashes phone numbers with a key (HMAC-SHA256), so that the calls of a number are found without
/// the number. The tenant is part of the hash, so the same number has another hash in each tenant.
///
/// The key is `NUMBER_HASH_KEY`, or else a random one, which the migration stores in the database.
/// Thread-safe.
public final class NumberHashes {

  private static final String ALGORITHM = "HmacSHA256";

  private final Secret configured;

  /// @param configured unset to use the key in the database
  public NumberHashes(Secret configured) {
    this.configured = configured;
  }

  /// The key with which numbers are stored now. Read in each transaction, because a key that is not
  /// committed must not be remembered.
  public Key key(Connection connection) throws SQLException {
    return new Key(configured.isSet() ? configured : stored(connection));
  }

  /// The hashes that stored calls with this number may have: with the key of now, and with that in
  /// the database, which was used if `NUMBER_HASH_KEY` was set later. Never empty; the first is
  /// that of now.
  public List<String> possible(Connection connection, PhoneNumber number, String tenant)
      throws SQLException {
    Secret stored = stored(connection);
    return Stream.of(configured.isSet() ? configured : stored, stored)
        .distinct()
        .map(key -> new Key(key).hash(number, tenant))
        .toList();
  }

  private static Secret stored(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("select secret from number_hash_key where id = 1");
        ResultSet rows = select.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("the key of numbers is missing", "02000");
      }
      return new Secret(rows.getString(1));
    }
  }

  /// One key.
  public static final class Key {

    private final Secret secret;

    private Key(Secret secret) {
      this.secret = secret;
    }

    /// The hash of a number, in 64 hexadecimal digits; null if the text is no number.
    public @Nullable String hash(@Nullable String number, String tenant) {
      return Optional.ofNullable(number)
          .flatMap(PhoneNumber::parse)
          .map(parsed -> hash(parsed, tenant))
          .orElse(null);
    }

    private String hash(PhoneNumber number, String tenant) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
        mac.update(StorableText.of(tenant).getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return HexFormat.of()
            .formatHex(mac.doFinal(number.digits().getBytes(StandardCharsets.US_ASCII)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has HmacSHA256", e);
      }
    }
  }
}
