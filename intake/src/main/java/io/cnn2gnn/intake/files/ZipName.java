package io.cnn2gnn.intake.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry.NameSource;

/** The names of a zip's entries, as whoever wrote them may have written them. */
final class ZipName {
  /** What a zip's names are in where it does not say otherwise: that of the first IBM PCs. */
  private static final Charset CP437 = Charset.forName("IBM437");

  private ZipName() {}

  /**
   * By its Unicode field or flag, else as UTF-8 where it is that: macOS does not say so. Of a name
   * that is not what its flag says, the wrong bytes are U+FFFD each.
   */
  static String of(ZipArchiveEntry entry) {
    if (entry.getNameSource() == NameSource.UNICODE_EXTRA_FIELD) {
      return entry.getName();
    }
    byte[] raw = entry.getRawName();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      boolean flagged = entry.getNameSource() == NameSource.NAME_WITH_EFS_FLAG;
      return new String(raw, flagged ? StandardCharsets.UTF_8 : CP437);
    }
  }

  /**
   * The path inside the zip: old tools on Windows write backslashes, some a slash or a dot in
   * front. Nothing is ever written to it.
   *
   * @return empty if it leads out of the zip
   */
  static Optional<String> path(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.replace('\\', '/').split("/", -1)) {
      if (part.equals("..")) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }

  /** Whether an entry of this name is a folder. */
  static boolean isFolder(String name) {
    return name.endsWith("/") || name.endsWith("\\");
  }
}
