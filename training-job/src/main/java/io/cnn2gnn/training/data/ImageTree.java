package io.cnn2gnn.training.data;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.training.data.DataSets.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads {@code split/class/image} from folders or zips: JPEG, PNG and WebP of any size, grey or
 * colour. Splits are {@code train}, {@code test} (or {@code val}) and, if there is one, {@code
 * unlabelled}, whose images join the training split without a label. All images are brought to one
 * size; they stay grey only if every one of them is. Names of class folders may be percent-encoded.
 */
final class ImageTree {
  private static final long MAX_PIXELS = 64_000_000;
  private static final int MAX_FILE = 64 << 20;
  private static final int MAX_DEPTH = 16;
  private static final String UNLABELLED = "unlabelled";

  private final Path source;
  private final DataSets.Options options;
  private final List<Item> items = new ArrayList<>();
  private final Set<String> trainFolders = new TreeSet<>();

  private ImageTree(Path source, DataSets.Options options) {
    this.source = source;
    this.options = options;
  }

  private record Item(String split, String folder, String path, String name, Contents contents) {}

  @FunctionalInterface
  private interface Contents {
    InputStream open() throws IOException;
  }

  static DataSet folder(Path root, DataSets.Options options) throws IOException {
    ImageTree tree = new ImageTree(root, options);
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      files = walk.sorted().toList();
    } catch (UncheckedIOException e) {
      throw new IOException(root + " cannot be walked: " + e.getMessage(), e);
    }
    for (Path file : files) {
      String path = root.relativize(file).toString().replace('\\', '/');
      if (Files.isDirectory(file)) {
        tree.folder(path);
      } else {
        tree.file(path, file.toString(), () -> Files.newInputStream(file));
      }
    }
    return tree.read();
  }

  static DataSet zips(Path source, List<Path> files, DataSets.Options options) throws IOException {
    ImageTree tree = new ImageTree(source, options);
    List<ZipFile> open = new ArrayList<>();
    try {
      for (Path file : files) {
        ZipFile zip;
        try {
          zip = new ZipFile(file.toFile());
        } catch (IOException e) {
          throw new IOException(file + " is not a readable zip: " + e.getMessage(), e);
        }
        open.add(zip);
        for (ZipEntry entry : Collections.list(zip.entries())) {
          if (entry.isDirectory()) {
            tree.folder(entry.getName().replaceAll("/$", ""));
          } else {
            tree.file(
                entry.getName(), file + "!" + entry.getName(), () -> zip.getInputStream(entry));
          }
        }
      }
      return tree.read();
    } finally {
      for (ZipFile zip : open) {
        zip.close();
      }
    }
  }

  private void folder(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length == 2 && parts[0].equals("train") && !parts[1].startsWith(".")) {
      trainFolders.add(parts[1]);
    }
  }

  private void file(String path, String name, Contents contents) throws IOException {
    String[] parts = path.split("/", -1);
    if (Arrays.stream(parts).anyMatch(part -> part.startsWith("."))) {
      return;
    }
    if (parts[0].equals(UNLABELLED) && parts.length > 1) {
      items.add(new Item(UNLABELLED, "", path, name, contents));
    } else if (isSplit(parts[0]) && parts.length > 2) {
      if (parts.length > 3) {
        throw new IOException(name + " lies deeper than " + parts[0] + "/CLASS/; move it up");
      }
      if (parts[0].equals("train")) {
        trainFolders.add(parts[1]);
      }
      items.add(new Item(parts[0], parts[1], path, name, contents));
    }
  }

  private static boolean isSplit(String name) {
    return name.equals("train") || name.equals("test") || name.equals("val");
  }

  private DataSet read() throws IOException {
    List<String> folders = List.copyOf(trainFolders);
    List<String> classes =
        options.classes().isEmpty()
            ? folders.stream().map(ClassFolder::className).toList()
            : options.classes();
    if (classes.size() != folders.size() && !folders.isEmpty()) {
      throw new IOException(
          "%s has %d class folders, %d names were given"
              .formatted(source, folders.size(), classes.size()));
    }
    Set<String> splits = new HashSet<>();
    items.forEach(item -> splits.add(item.split()));
    String test = splits.contains("test") ? "test" : "val";
    if (!splits.contains("train") || !splits.contains(test)) {
      throw new IOException(
          source + " needs images in train/CLASS/ and in test/CLASS/ (or val/CLASS/)");
    }
    try (Loader loader = new Loader(options.size())) {
      List<Item> train = items.stream().filter(i -> i.split().equals("train")).toList();
      List<Item> more = items.stream().filter(i -> i.split().equals(UNLABELLED)).toList();
      List<Item> held = items.stream().filter(i -> i.split().equals(test)).toList();
      loader.load(train);
      loader.load(more);
      int cut = loader.images.size();
      loader.load(held);
      int[] labels = new int[loader.images.size()];
      List<String> ids = new ArrayList<>();
      int at = 0;
      for (List<Item> part : List.of(train, more, held)) {
        for (Item item : part) {
          ids.add(item.path());
          labels[at++] =
              item.split().equals(UNLABELLED) ? ImageSet.UNLABELLED : label(item, folders);
        }
      }
      String name = source.toAbsolutePath().normalize().getFileName().toString();
      return new DataSet(
          loader.set(name + "/train", 0, cut, labels, classes, ids),
          loader.set(name + "/" + test, cut, labels.length, labels, classes, ids));
    }
  }

  private static int label(Item item, List<String> folders) throws IOException {
    int label = folders.indexOf(item.folder());
    if (label < 0) {
      throw new IOException(
          "%s: class %s is in the test split but not in train/"
              .formatted(item.name(), item.folder()));
    }
    return label;
  }

  /** Decodes images to one size; their number of channels is known when all are read. */
  private static final class Loader implements AutoCloseable {
    private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
    private final List<Pixels> images = new ArrayList<>();
    private Optional<Size> size;
    private int channels = 1;

    Loader(Optional<Size> size) {
      this.size = size;
    }

    void load(List<Item> items) throws IOException {
      for (Item item : items) {
        Pixels image = decode(item);
        Size target = target(item, image);
        size = Optional.of(target);
        channels = Math.max(channels, image.channels());
        byte[] samples = Resize.to(spec(target, image.channels()), image);
        images.add(new Pixels(target.width(), target.height(), image.channels(), samples));
      }
    }

    private Size target(Item item, Pixels first) throws IOException {
      if (size.isPresent()) {
        return size.get();
      }
      try {
        return new Size(first.height(), first.width());
      } catch (IllegalArgumentException e) {
        throw new IOException(
            item.name() + ": " + e.getMessage() + "; choose an --input-size for all", e);
      }
    }

    private Pixels decode(Item item) throws IOException {
      try (InputStream in = item.contents().open()) {
        byte[] bytes = in.readNBytes(MAX_FILE + 1);
        if (bytes.length > MAX_FILE) {
          throw new IOException("larger than " + (MAX_FILE >> 20) + " MiB");
        }
        ImageHeader header = decoder.header(bytes);
        return size.isPresent()
            ? decoder.decode(bytes, header, spec(size.get(), header.channels()))
            : decoder.decode(bytes);
      } catch (ImageRejectedException e) {
        throw new IOException(item.name() + ": " + e.getMessage() + "; mend or remove it", e);
      } catch (IOException e) {
        throw new IOException(item.name() + " cannot be read: " + e.getMessage(), e);
      }
    }

    private static InputSpec spec(Size size, int channels) {
      return new Frame(size.height(), size.width(), channels).spec();
    }

    ImageSet set(
        String name, int from, int to, int[] labels, List<String> classes, List<String> ids)
        throws IOException {
      Size target = size.orElseThrow();
      InputSpec spec = spec(target, channels);
      if ((long) spec.bytes() * (to - from) > Integer.MAX_VALUE - 8) {
        throw new IOException(
            "%s: %d images of %d x %d do not fit in memory at once; choose a smaller --input-size"
                .formatted(name, to - from, target.width(), target.height()));
      }
      byte[] pixels = new byte[spec.bytes() * (to - from)];
      for (int i = from; i < to; i++) {
        System.arraycopy(
            Resize.to(spec, images.get(i)), 0, pixels, (i - from) * spec.bytes(), spec.bytes());
      }
      int[] own = Arrays.copyOfRange(labels, from, to);
      return new ImageSet(
          name,
          target.height(),
          target.width(),
          channels,
          pixels,
          own,
          classes,
          ids.subList(from, to));
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
