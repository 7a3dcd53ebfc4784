package io.cnn2gnn.cli.kit;

import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** How an image travels: inside its record, or as a reference to where it stays. */
public sealed interface Carrier {
  /** Those that a topology fetches. */
  Set<String> SCHEMES = Set.of("file", "http", "https");

  /** What becomes the record's content. */
  Object content(ImageFile file, byte[] bytes) throws CliException;

  /** The most bytes of an image that a record holds. */
  int maxBytes();

  /**
   * Checks that an image fits into a record.
   *
   * @throws CliException if it does not
   */
  static void check(ImageFile file, byte[] bytes, int maxBytes) throws CliException {
    if (bytes.length > maxBytes) {
      throw new CliException(
          ("%s has %d bytes, the limit is %d: shrink it, send it with --by-reference, or raise"
                  + " --max-bytes and the topic's max.message.bytes")
              .formatted(file.id(), bytes.length, maxBytes));
    }
  }

  /** Inside its record. */
  record Inline(int maxBytes) implements Carrier {
    @Override
    public Object content(ImageFile file, byte[] bytes) throws CliException {
      check(file, bytes, maxBytes);
      return InlineImage.newBuilder()
          .setFormat(file.format())
          .setBytes(ByteBuffer.wrap(bytes))
          .build();
    }
  }

  /** As a reference: the prefix and the file's path. */
  record ByReference(String prefix) implements Carrier {
    private static final String UNRESERVED = "-._~/";

    @Override
    public Object content(ImageFile file, byte[] bytes) {
      return ImageReference.newBuilder()
          .setUri(prefix + encoded(file.id()))
          .setSha256(Sha256.hex(bytes))
          .setSize(bytes.length)
          .build();
    }

    @Override
    public int maxBytes() {
      return 0;
    }

    private static String encoded(String path) {
      StringBuilder uri = new StringBuilder();
      for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
        char c = (char) (b & 0xff);
        if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
          uri.append(c);
        } else {
          uri.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
        }
      }
      return uri.toString();
    }
  }

  /**
   * References below a URI.
   *
   * @throws CliException if it is none that the topology's allow-list could cover
   */
  static Carrier byReference(String prefix) throws CliException {
    try {
      String scheme = new URI(prefix).getScheme();
      if (scheme != null
          && SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))
          && prefix.endsWith("/")) {
        return new ByReference(prefix);
      }
      throw new CliException(
          "--by-reference %s: give a file:, http: or https: URI that ends with a slash"
              .formatted(prefix));
    } catch (URISyntaxException e) {
      throw new CliException("--by-reference is no URI: " + e.getMessage(), e);
    }
  }
}
