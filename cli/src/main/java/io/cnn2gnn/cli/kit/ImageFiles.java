package io.cnn2gnn.cli.kit;

import io.cnn2gnn.intake.files.BadFiles;
import io.cnn2gnn.intake.files.FileTree;
import io.cnn2gnn.intake.files.FoundImage;
import io.cnn2gnn.intake.files.LeftOut;
import io.cnn2gnn.intake.files.Split;
import io.cnn2gnn.schemas.avro.ImageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The image files below a folder or in a zip, in an order that is mixed but the same every time: a
 * folder per class read in sequence would give batches of one class.
 *
 * <p>In a layout {@code split/class/image} or {@code class/image} the last folder's name is the
 * label, percent-decoded, since a class may be called {@code T-shirt/top}.
 */
public final class ImageFiles {
  /**
   * One file.
   *
   * @param id its path inside the folder or zip
   */
  public record ImageFile(String id, ImageFormat format, Optional<String> label, Content content) {
    public boolean isIn(Split split) {
      return Split.ofImage(id).filter(own -> own == split).isPresent();
    }
  }

  /** Reads the bytes when they are needed. */
  public interface Content {
    byte[] read() throws IOException;
  }

  private static final long SEED = 1;
  private static final int MOST_BYTES = 256 << 20;

  private ImageFiles() {}

  /**
   * Lists the images, and says in a line what is left out.
   *
   * @throws CliException if the source does not exist, is no zip, holds no JPEG, PNG or WebP, or
   *     one that cannot be read
   */
  public static List<ImageFile> in(Path source) throws CliException {
    LeftOut leftOut = new LeftOut();
    BadFiles bad = new BadFiles();
    List<ImageFile> files = new ArrayList<>();
    try {
      // Left open: the files read from it for as long as they are held, and a zip may be larger
      // than memory.
      FileTree tree = FileTree.of(source, leftOut);
      tree.images().forEach(image -> files.add(file(tree, image)));
      tree.unreadable().forEach(image -> bad.add(image.file(), image.reason()));
      bad.check();
    } catch (IOException e) {
      throw new CliException(e.getMessage(), e);
    }
    String others = leftOut.isEmpty() ? "" : leftOut.toString();
    if (files.isEmpty()) {
      throw new CliException(
          source
              + " holds no .png, .jpg, .jpeg or .webp file"
              + (others.isEmpty() ? "" : "; " + others));
    }
    if (!others.isEmpty()) {
      Terminal.complain(source + ": " + others);
    }
    files.sort(Comparator.comparing(ImageFile::id));
    Collections.shuffle(files, new Random(SEED));
    return files;
  }

  private static ImageFile file(FileTree tree, FoundImage image) {
    Content content =
        () -> {
          // A small entry of a zip may unpack to more than there is memory.
          try (InputStream in = image.content().open()) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
              throw new IOException(
                  "%s is larger than %d MiB".formatted(image.file(), MOST_BYTES >> 20));
            }
            return bytes;
          }
        };
    return new ImageFile(image.path(), image.format(), tree.layout().label(image.path()), content);
  }
}
