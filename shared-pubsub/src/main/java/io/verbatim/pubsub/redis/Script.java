package io.verbatim.pubsub.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The atomic steps, each a Lua file in this package's resources.
@SuppressWarnings("ImmutableEnumChecker") // The arrays are only ever read.
enum Script {
  OPEN("open.lua"),
  APPEND("append.lua"),
  TRIM_OLDEST("trim_oldest.lua"),
  END_AUDIO("end_audio.lua"),
  HEARTBEAT("heartbeat.lua"),
  ABANDON("abandon.lua"),
  CLAIM("claim.lua"),
  CLAIM_SILENT("claim_silent.lua"),
  UNMARK_BEGUN("unmark_begun.lua"),
  TOUCH("touch.lua"),
  FINAL("transcript.lua", "final.lua"),
  GAP("transcript.lua", "gap.lua"),
  SENT("sent.lua"),
  LIVE_STATE("live_state.lua"),
  ENDED("transcript.lua", "ended.lua"),
  SHARE("share.lua"),
  DISCARD("discard.lua"),
  HAND_OVER("hand_over.lua"),
  LEAVE("leave.lua"),
  ERASE("erase.lua"),
  PUBLISH_KEYS("publish_keys.lua"),
  READ_KEYS("read_keys.lua");

  private final byte[] source;
  private final byte[] digest;

  Script(String... files) {
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      text.append(read(file));
    }
    source = Reply.bytes(text.toString());
    digest = Reply.bytes(sha1(source));
  }

  /// Reads all scripts. The first use would otherwise read files on the event loop.
  static void prepare() {
    values();
  }

  byte[] source() {
    return source;
  }

  /// SHA-1 of the source, in hexadecimal digits.
  byte[] digest() {
    return digest;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("script " + file + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
