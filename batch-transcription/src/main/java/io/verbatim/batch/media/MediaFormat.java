package io.verbatim.batch.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The container formats that are accepted, recognised by the first bytes of a file.
public enum MediaFormat {
  WAV("audio/wav", false),
  MP3("audio/mpeg", false),
  M4A("audio/mp4", false),
  FLAC("audio/flac", false),
  OGG("audio/ogg", false),
  WEBM("audio/webm", false),
  MP4("video/mp4", false),
  MOV("video/quicktime", true),
  MKV("video/x-matroska", true);

  /// The bytes that [#of] needs.
  static final int HEAD_BYTES = 64;

  private final String mediaType;
  private final boolean videoOnly;

  MediaFormat(String mediaType, boolean videoOnly) {
    this.mediaType = mediaType;
    this.videoOnly = videoOnly;
  }

  public String mediaType() {
    return mediaType;
  }

  /// The usual ending of a file's name, without the dot.
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether only the path for videos accepts it. An MP4 file often holds only audio.
  public boolean isVideoOnly() {
    return videoOnly;
  }

  /// The accepted formats, for messages.
  public static String names(boolean video) {
    return Arrays.stream(values())
        .filter(format -> video || !format.videoOnly)
        .map(MediaFormat::extension)
        .collect(Collectors.joining(", "));
  }

  /// The format of a file.
  ///
  /// @param head the first bytes of the file, or the whole file if it is shorter
  /// @return empty if it is none of these
  public static Optional<MediaFormat> of(byte[] head) {
    if (hasText(head, 0, "RIFF") && hasText(head, 8, "WAVE")) {
      return Optional.of(WAV);
    }
    if (hasText(head, 0, "fLaC")) {
      return Optional.of(FLAC);
    }
    if (hasText(head, 0, "OggS")) {
      return Optional.of(OGG);
    }
    if (hasText(head, 0, "\u001aE\u00df\u00a3")) {
      return Optional.of(new String(head, ISO_8859_1).contains("webm") ? WEBM : MKV);
    }
    if (hasText(head, 4, "ftyp")) {
      return Optional.of(hasText(head, 8, "M4A") ? M4A : hasText(head, 8, "qt  ") ? MOV : MP4);
    }
    if (hasText(head, 4, "moov") || hasText(head, 4, "mdat") || hasText(head, 4, "wide")) {
      return Optional.of(MOV);
    }
    return hasText(head, 0, "ID3") || isMpegFrame(head) ? Optional.of(MP3) : Optional.empty();
  }

  private static boolean hasText(byte[] head, int at, String text) {
    return head.length >= at + text.length()
        && new String(head, at, text.length(), ISO_8859_1).equals(text);
  }

  /// An MPEG audio frame: eleven set bits, then a valid version, layer, bit rate and sample rate.
  private static boolean isMpegFrame(byte[] head) {
    if (head.length < 3 || head[0] != (byte) 0xff || (head[1] & 0xe0) != 0xe0) {
      return false;
    }
    boolean isLayer3 = (head[1] & 0x06) == 0x02;
    boolean hasVersion = (head[1] & 0x18) != 0x08;
    boolean hasBitRate = (head[2] & 0xf0) != 0xf0 && (head[2] & 0xf0) != 0;
    return isLayer3 && hasVersion && hasBitRate && (head[2] & 0x0c) != 0x0c;
  }
}
