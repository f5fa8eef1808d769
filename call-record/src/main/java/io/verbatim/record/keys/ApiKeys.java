package io.verbatim.record.keys;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.message.PublishedApiKey;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.RepeatedWork;
import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes, lists, revokes and checks keys, and publishes their hashes on the bus, for ingest.
/// Thread-safe.
///
/// While the database is away, keys cannot be made or revoked, and the keys in memory stay valid
/// for [#VALID_WITHOUT_DATABASE].
public final class ApiKeys implements AutoCloseable {

  /// The most keys that are valid at a time.
  public static final int MAX_KEYS = 10_000;

  /// How long a gateway accepts keys without hearing from the database.
  public static final Duration VALID_WITHOUT_DATABASE = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration USE_INTERVAL = Duration.ofMinutes(1);
  private static final String COLUMNS =
      "id, name, tenant, scopes, created_at, created_by, expires_at, last_used_at, hash";
  private static final String VALID =
      "revoked_at is null and (expires_at is null or expires_at > ?)";

  private record Entry(ApiKey key, byte[] hash) {
    PublishedApiKey published() {
      return new PublishedApiKey(
          key.id(), HexFormat.of().formatHex(hash), key.tenant(), key.scopes(), key.expiresAt());
    }
  }

  private record Ring(Map<String, Entry> entries, long changes) {}

  private final Database database;
  private final InstantSource clock;
  private final KeyPublisher publisher;
  private final Map<String, Instant> used = new ConcurrentHashMap<>();
  private final RepeatedWork synchronising =
      new RepeatedWork(
          "api-keys", RepeatedWork.Pauses.every(POLL), "keys.refresh_failed", this::synchronise);
  private volatile Consumer<Set<String>> onRevoked = _ -> {};
  private volatile Ring ring = new Ring(Map.of(), -1);
  private volatile Instant confirmed = Instant.MIN;
  private Instant usesWritten;

  public ApiKeys(Database database, PublishedApiKeys published, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.publisher = new KeyPublisher(published, this::usedElsewhere);
    this.usesWritten = clock.instant();
  }

  /// Sets the listener of revoked keys.
  ///
  /// @param listener receives the ids of keys that were revoked, on a thread of this class
  public void onRevoked(Consumer<Set<String>> listener) {
    onRevoked = listener;
  }

  public void start() {
    synchronising.start();
  }

  /// The valid key with this text. Local and fast.
  public Optional<ApiKey> check(String text) {
    Instant now = clock.instant();
    if (now.isAfter(confirmed.plus(VALID_WITHOUT_DATABASE))) {
      return Optional.empty();
    }
    return KeyText.parse(text)
        .flatMap(parsed ->
            Optional.ofNullable(ring.entries.get(parsed.id()))
                .filter(entry -> MessageDigest.isEqual(entry.hash, parsed.hash())))
        .map(Entry::key)
        .filter(key -> key.expiresAt() == null || now.isBefore(key.expiresAt()))
        .map(key -> {
          used.put(key.id(), now);
          return key;
        });
  }

  /// The key with this id, if it is known as valid. Local and fast.
  public Optional<ApiKey> find(String id) {
    return Optional.ofNullable(ring.entries.get(id)).map(Entry::key);
  }

  /// Whether the keys are not known: the database has not answered for a time.
  public boolean isUnknown() {
    return clock.instant().isAfter(confirmed.plus(VALID_WITHOUT_DATABASE));
  }

  /// Makes a key. The stage completes on the event loop; it is empty if there are [#MAX_KEYS].
  public CompletionStage<Optional<NewApiKey>> create(
      String name,
      @Nullable String tenant,
      Set<String> scopes,
      String createdBy,
      @Nullable Instant expiresAt) {
    KeyText text = KeyText.random();
    Instant now = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    ApiKey key = new ApiKey(text.id(), name, tenant, scopes, now, createdBy, expiresAt, null);
    return database.request(connection -> {
      noteChange(connection);
      if (countValid(connection, now) >= MAX_KEYS) {
        return Optional.empty();
      }
      insert(connection, key, text.hash());
      return Optional.of(new NewApiKey(key, text.whole()));
    });
  }

  private static void noteChange(Connection connection) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update change_count set changes = changes + 1 where name = 'api_key'")) {
      update.executeUpdate();
    }
  }

  private static int countValid(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement count =
        connection.prepareStatement("select count(*) from api_key where " + VALID)) {
      count.setObject(1, StorableTime.of(now));
      try (ResultSet rows = count.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private static void insert(Connection connection, ApiKey key, byte[] hash) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into api_key (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, null, ?)")) {
      insert.setString(1, key.id());
      insert.setString(2, StorableText.of(key.name()));
      insert.setString(3, StorableText.ofNullable(key.tenant()));
      insert.setString(4, String.join(" ", key.scopes().stream().sorted().toList()));
      insert.setObject(5, StorableTime.of(key.createdAt()));
      insert.setString(6, StorableText.of(key.createdBy()));
      Instant expiresAt = key.expiresAt();
      insert.setObject(7, expiresAt == null ? null : StorableTime.of(expiresAt));
      insert.setBytes(8, hash);
      insert.executeUpdate();
    }
  }

  /// The valid keys, newest first. The stage completes on the event loop.
  ///
  /// @param tenant the only tenant whose keys are listed; null for all
  public CompletionStage<List<ApiKey>> list(@Nullable String tenant) {
    return database.request(connection -> {
      String sql =
          "select "
              + COLUMNS
              + " from api_key where "
              + VALID
              + (tenant == null ? "" : " and tenant = ?")
              + " order by created_at desc, id";
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setObject(1, StorableTime.of(clock.instant()));
        if (tenant != null) {
          select.setString(2, StorableText.of(tenant));
        }
        return entries(select).stream().map(Entry::key).toList();
      }
    });
  }

  private static List<Entry> entries(PreparedStatement select) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        Set<String> scopes = Set.copyOf(List.of(rows.getString("scopes").split(" ", -1)));
        entries.add(
            new Entry(
                new ApiKey(
                    rows.getString("id"),
                    rows.getString("name"),
                    rows.getString("tenant"),
                    scopes,
                    rows.getObject("created_at", OffsetDateTime.class).toInstant(),
                    rows.getString("created_by"),
                    instant(rows, "expires_at"),
                    instant(rows, "last_used_at")),
                rows.getBytes("hash")));
      }
    }
    return entries;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /// Revokes a key, on every gateway within two seconds. The stage completes on the event loop with
  /// whether the key was valid.
  ///
  /// @param tenant the only tenant whose keys may be revoked; null for all
  public CompletionStage<Boolean> revoke(String id, @Nullable String tenant) {
    return database.request(connection -> {
      String sql =
          "update api_key set revoked_at = ? where id = ? and revoked_at is null"
              + (tenant == null ? "" : " and tenant = ?");
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        update.setObject(1, StorableTime.of(clock.instant()));
        update.setString(2, StorableText.of(id));
        if (tenant != null) {
          update.setString(3, StorableText.of(tenant));
        }
        boolean wasValid = update.executeUpdate() > 0;
        if (wasValid) {
          noteChange(connection);
        }
        return wasValid;
      }
    });
  }

  private void synchronise() {
    refresh();
    Ring known = ring;
    publisher.confirmed(
        known.changes, () -> known.entries.values().stream().map(Entry::published).toList());
    writeUses();
  }

  private void usedElsewhere(Set<String> ids) {
    Instant now = clock.instant();
    ids.stream().filter(ring.entries::containsKey).forEach(id -> used.put(id, now));
  }

  /// Reads all valid keys if there was a change.
  private void refresh() {
    Ring known = ring;
    Instant now = clock.instant();
    Optional<Ring> changed =
        database.transact(connection -> {
          long changes = changes(connection);
          return changes == known.changes
              ? Optional.empty()
              : Optional.of(read(connection, changes, now));
        });
    confirmed = now;
    if (changed.isPresent()) {
      ring = changed.get();
      Set<String> gone = new HashSet<>(known.entries.keySet());
      gone.removeAll(ring.entries.keySet());
      if (!gone.isEmpty()) {
        onRevoked.accept(gone);
      }
    }
  }

  private static long changes(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("select changes from change_count where name = 'api_key'");
        ResultSet rows = select.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Ring read(Connection connection, long changes, Instant now) throws SQLException {
    Map<String, Entry> entries = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select " + COLUMNS + " from api_key where " + VALID + " limit " + MAX_KEYS)) {
      select.setObject(1, StorableTime.of(now));
      entries(select).forEach(entry -> entries.put(entry.key.id(), entry));
    }
    return new Ring(Map.copyOf(entries), changes);
  }

  private void writeUses() {
    Instant now = clock.instant();
    if (used.isEmpty() || now.isBefore(usesWritten.plus(USE_INTERVAL))) {
      return;
    }
    Map<String, Instant> uses = Map.copyOf(used);
    database.transact(connection -> {
      try (PreparedStatement update =
          connection.prepareStatement(
              "update api_key set last_used_at = ? where id = ? and (last_used_at is null or"
                  + " last_used_at < ?)")) {
        for (Map.Entry<String, Instant> use : uses.entrySet()) {
          update.setObject(1, StorableTime.of(use.getValue()));
          update.setString(2, use.getKey());
          update.setObject(3, StorableTime.of(use.getValue()));
          update.addBatch();
        }
        return update.executeBatch().length;
      }
    });
    uses.forEach(used::remove);
    usesWritten = now;
  }

  @Override
  public void close() {
    synchronising.close();
  }
}
