package io.cnn2gnn.cli.kit;

import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.training.data.ClassFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

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
    public boolean isIn(String split) {
      return id.startsWith(split + "/");
    }
  }

  /** Reads the bytes when they are needed. */
  public interface Content {
    byte[] read() throws IOException;
  }

  private static final long SEED = 1;

  private ImageFiles() {}

  /**
   * Lists the images.
   *
   * @throws CliException if the source does not exist, is no zip, or holds no JPEG, PNG or WebP
   */
  public static List<ImageFile> in(Path source) throws CliException {
    List<ImageFile> files = new ArrayList<>();
    try {
      if (Files.isDirectory(source)) {
        addFolder(source, files);
      } else if (Files.isRegularFile(source)) {
        addZip(source, files);
      } else {
        throw new CliException(
            source + " does not exist: give a folder or a zip of JPEG, PNG or WebP");
      }
    } catch (ZipException e) {
      throw new CliException(source + " is neither a folder nor a zip: " + e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw new CliException(source + " cannot be read: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new CliException(source + " holds no .png, .jpg, .jpeg or .webp file");
    }
    files.sort(Comparator.comparing(ImageFile::id));
    Collections.shuffle(files, new Random(SEED));
    return files;
  }

  private static void addFolder(Path folder, List<ImageFile> files) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(
              path -> {
                String id =
                    folder
                        .relativize(path)
                        .toString()
                        .replace(FileSystems.getDefault().getSeparator(), "/");
                format(id)
                    .ifPresent(
                        f ->
                            files.add(
                                new ImageFile(id, f, label(id), () -> Files.readAllBytes(path))));
              });
    }
  }

  private static void addZip(Path file, List<ImageFile> files) throws IOException {
    // Left open: the files read from it for as long as they are held, and a zip may be larger than
    // memory. The JDK closes it when the last of them is gone.
    ZipFile zip = new ZipFile(file.toFile());
    for (ZipEntry entry : Collections.list(zip.entries())) {
      Optional<ImageFormat> format = format(entry.getName());
      if (!entry.isDirectory() && format.isPresent()) {
        Content content =
            () -> {
              try (InputStream in = zip.getInputStream(entry)) {
                return in.readAllBytes();
              }
            };
        files.add(new ImageFile(entry.getName(), format.get(), label(entry.getName()), content));
      }
    }
  }

  private static Optional<ImageFormat> format(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".png")) {
      return Optional.of(ImageFormat.PNG);
    }
    if (lower.endsWith(".webp")) {
      return Optional.of(ImageFormat.WEBP);
    }
    return lower.endsWith(".jpg") || lower.endsWith(".jpeg")
        ? Optional.of(ImageFormat.JPEG)
        : Optional.empty();
  }

  private static Optional<String> label(String id) {
    int end = id.lastIndexOf('/');
    if (end < 0) {
      return Optional.empty();
    }
    return Optional.of(ClassFolder.className(id.substring(id.lastIndexOf('/', end - 1) + 1, end)));
  }
}
