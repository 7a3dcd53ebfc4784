package io.cnn2gnn.intake.files;

import io.cnn2gnn.intake.files.FoundImage.Content;
import io.cnn2gnn.schemas.avro.ImageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which files are images. */
final class ImageFormats {
  private static final Map<String, ImageFormat> BY_ENDING =
      Map.of(
          "jpg", ImageFormat.JPEG,
          "jpeg", ImageFormat.JPEG,
          "jpe", ImageFormat.JPEG,
          "jfif", ImageFormat.JPEG,
          "png", ImageFormat.PNG,
          "webp", ImageFormat.WEBP);

  private static final int HEAD = 12;

  private ImageFormats() {}

  /** What stands behind the last dot, in lower case; empty without one. */
  static String ending(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  static Optional<ImageFormat> byName(String name) {
    return Optional.ofNullable(BY_ENDING.get(ending(name)));
  }

  /** Of a file whose name has no ending; one that cannot be read is none. */
  static Optional<ImageFormat> byContent(Content content) {
    try (InputStream in = content.open()) {
      // Each byte becomes the character of its number.
      String head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
      if (head.startsWith("\u00ff\u00d8\u00ff")) {
        return Optional.of(ImageFormat.JPEG);
      }
      if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
        return Optional.of(ImageFormat.PNG);
      }
      return head.startsWith("RIFF") && head.startsWith("WEBP", 8)
          ? Optional.of(ImageFormat.WEBP)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
