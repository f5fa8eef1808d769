package io.verbatim.pubsub.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The steps that must be one, each a Lua file beside this package.
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
  EXONERATE("exonerate.lua"),
  TOUCH("touch.lua"),
  FINAL("transcript.lua", "final.lua"),
  GAP("transcript.lua", "gap.lua"),
  SENT("sent.lua"),
  REGISTER("register.lua"),
  ENDED("transcript.lua", "ended.lua"),
  SHARE("share.lua"),
  DISCARD("discard.lua"),
  HAND_OVER("hand_over.lua"),
  LEAVE("leave.lua");

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
        throw new IllegalStateException("the script " + file + " is not on the class path");
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
