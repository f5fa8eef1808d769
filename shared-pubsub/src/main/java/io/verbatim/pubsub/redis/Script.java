package io.verbatim.pubsub.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The steps that must be one, each a Lua file beside this package.
enum Script {
  OPEN("open.lua"),
  APPEND("append.lua"),
  SHED("shed.lua"),
  END_AUDIO("end_audio.lua"),
  ALIVE("alive.lua"),
  ABANDON("abandon.lua"),
  TAKE("take.lua"),
  FINAL("transcript.lua", "final.lua"),
  GAP("transcript.lua", "gap.lua"),
  SENT("sent.lua"),
  REGISTER("register.lua"),
  ENDED("transcript.lua", "ended.lua"),
  SHARE("share.lua"),
  DISCARD("discard.lua"),
  HAND_OVER("hand_over.lua"),
  LEAVE("leave.lua");

  private final String source;
  private final String sha;

  Script(String... files) {
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      text.append(read(file));
    }
    source = text.toString();
    sha = sha1(Reply.bytes(source));
  }

  byte[] source() {
    return Reply.bytes(source);
  }

  String sha() {
    return sha;
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
