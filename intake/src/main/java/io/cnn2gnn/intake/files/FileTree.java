package io.cnn2gnn.intake.files;

import io.cnn2gnn.intake.files.FoundImage.Content;
import io.cnn2gnn.intake.files.LeftOut.Reason;
import io.cnn2gnn.schemas.avro.ImageFormat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The image files below a folder, or in a zip. Links are followed. Hidden and system files, folders
 * that may not be read and other files are left out and counted; images that cannot be read are
 * told apart. Images can be read until this is closed.
 */
public final class FileTree implements Closeable {
  private static final String NO_NAME =
      "UTF-8".equals(System.getProperty("sun.jnu.encoding"))
          ? "its name is not UTF-8 (rename it; convmv does so with many)"
          : "its name cannot be read as %s (start with LC_ALL=C.UTF-8)"
              .formatted(System.getProperty("sun.jnu.encoding"));

  private final List<FoundImage> images = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();
  private final Set<String> folders = new TreeSet<>();
  private final List<Unreadable> lost = new ArrayList<>();
  private final Map<String, Table> tables = new HashMap<>();
  private final List<Unreadable> unreadable = new ArrayList<>();
  private final LeftOut leftOut;
  private final Closeable files;
  private final Layout layout;

  /**
   * An image, or a folder or link behind which there may be some, that cannot be read.
   *
   * @param path inside the folder or zip
   * @param file as a message names it
   */
  public record Unreadable(String path, String file, String reason) {}

  /**
   * A file that says something of the images.
   *
   * @param file as a message names it
   */
  public record Table(String file, Content content) {}

  /** Looks for images. */
  @FunctionalInterface
  private interface Walk {
    void into(FileTree tree) throws IOException;
  }

  private FileTree(LeftOut leftOut, Closeable files, Walk walk) throws IOException {
    this.leftOut = leftOut;
    this.files = files;
    walk.into(this);
    this.layout =
        Layout.of(
            Stream.concat(
                    images.stream().map(FoundImage::path),
                    unreadable.stream().map(Unreadable::path))
                .toList());
    tables.keySet().stream()
        .filter(path -> !path.equals(layout.root() + Layout.TRACKS))
        .sorted()
        .forEach(path -> leftOut.add(Reason.MISPLACED, path));
  }

  /**
   * Finds the images of a folder in the order of their paths, or of a zip in the zip's order.
   *
   * @param leftOut counts what is not read
   * @throws IOException if the source is neither a folder nor a zip, or cannot be read
   */
  public static FileTree of(Path source, LeftOut leftOut) throws IOException {
    if (Files.isDirectory(source)) {
      return new FileTree(leftOut, () -> {}, tree -> FolderWalk.walk(source, tree));
    }
    if (Files.notExists(source)) {
      throw new IOException(source + " does not exist; give a folder of images, or a zip");
    }
    if (!Files.isRegularFile(source)) {
      throw new IOException(source + " is neither a folder nor a file, or may not be looked at");
    }
    ZipFile zip = ZipWalk.open(source);
    try {
      return new FileTree(leftOut, zip, tree -> ZipWalk.walk(source, zip, tree));
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** All image files. */
  public List<FoundImage> images() {
    return Collections.unmodifiableList(images);
  }

  /** The paths of all folders, those without an image too. */
  public Collection<String> folders() {
    return Collections.unmodifiableSet(folders);
  }

  /** Images that cannot be read. */
  public List<Unreadable> unreadable() {
    return Collections.unmodifiableList(unreadable);
  }

  /** What may be images or hold some, and was left out since it cannot be read. */
  public List<Unreadable> lost() {
    return Collections.unmodifiableList(lost);
  }

  /** Where images and classes lie. */
  public Layout layout() {
    return layout;
  }

  /** The file {@link Layout#TRACKS} where the data set begins. */
  public Optional<Table> tracks() {
    return Optional.ofNullable(tables.get(layout.root() + Layout.TRACKS));
  }

  void folder(String path) {
    folders.add(path);
  }

  void leftOut(Reason reason, String name) {
    leftOut.add(reason, name);
  }

  /** A folder, or a link, behind which there may be images. */
  void lost(Reason reason, String path, String file) {
    leftOut.add(reason, path);
    lost.add(new Unreadable(path, file, "it cannot be looked into, and may hold images"));
  }

  /**
   * A file.
   *
   * @param file as a message names it
   * @param fault why it cannot be read, if it cannot
   */
  void file(String path, String file, Optional<String> fault, Content content) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.equals(Layout.TRACKS)) {
      tables.put(path, new Table(file, content));
      return;
    }
    Optional<ImageFormat> format = ImageFormats.byName(name);
    if (format.isEmpty() && fault.isEmpty() && name.indexOf('.') < 0) {
      format = ImageFormats.byContent(content);
    }
    if (format.isEmpty() && fault.isPresent() && name.indexOf('.') < 0) {
      leftOut.add(Reason.UNREADABLE_FILE, path);
      lost.add(new Unreadable(path, file, fault.get()));
    } else if (format.isEmpty()) {
      String ending = ImageFormats.ending(name);
      leftOut.add(Reason.OTHER, ending.isEmpty() ? name : "." + ending);
    } else if (fault.isPresent()) {
      unreadable.add(new Unreadable(path, file, fault.get()));
    } else if (!paths.add(path)) {
      unreadable.add(new Unreadable(path, file, "it is there twice"));
    } else {
      images.add(new FoundImage(path, file, format.get(), content));
    }
  }

  /** Whether a path could be read as text; if not, that is told. */
  boolean isNamed(String path, String file) {
    boolean named = path.indexOf('\ufffd') < 0;
    if (!named) {
      unreadable.add(new Unreadable(path, file, NO_NAME));
    }
    return named;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
