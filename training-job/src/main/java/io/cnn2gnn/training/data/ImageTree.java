package io.cnn2gnn.training.data;

import io.cnn2gnn.intake.files.BadFiles;
import io.cnn2gnn.intake.files.ClassFolder;
import io.cnn2gnn.intake.files.FileTree;
import io.cnn2gnn.intake.files.FileTree.Table;
import io.cnn2gnn.intake.files.FoundImage;
import io.cnn2gnn.intake.files.Layout;
import io.cnn2gnn.intake.files.LeftOut;
import io.cnn2gnn.intake.files.LeftOut.Reason;
import io.cnn2gnn.intake.files.Split;
import io.cnn2gnn.model.bundle.ClassName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code split/class/image} from a folder or zips: JPEG, PNG and WebP of any size, grey or
 * colour. Splits are {@code train}, {@code test} (or {@code val}) and, if there is one, {@code
 * unlabelled}, whose images join the training split without a label. All images are brought to one
 * size; they stay grey only if every one of them is. Names of class folders may be percent-encoded.
 * A file {@code tracks.tsv} beside the splits says which images are frames of one track.
 */
final class ImageTree implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTree.class);

  private final Path source;
  private final boolean ofZips;
  private final DataSets.Options options;
  private final LeftOut leftOut = new LeftOut();
  private final BadFiles bad = new BadFiles();
  private final List<FileTree> trees = new ArrayList<>();
  private final List<Item> items = new ArrayList<>();

  /** The files by their paths within the set: its zips must not have one twice. */
  private final Map<String, String> places = new HashMap<>();

  /** The names of folders in {@code train/}, composed: two writings of one name are one class. */
  private final Set<String> folders = new TreeSet<>();

  private ImageTree(Path source, boolean ofZips, DataSets.Options options) {
    this.source = source;
    this.ofZips = ofZips;
    this.options = options;
  }

  /** An image of a split; {@code folder} is its class's, in composed form. */
  private record Item(Split split, String folder, FoundImage image) {}

  /**
   * Reads the images of a folder, or of zips.
   *
   * @param source names the set
   * @param files a folder, or zips
   */
  static DataSet read(Path source, List<Path> files, DataSets.Options options) throws IOException {
    try (ImageTree tree = new ImageTree(source, !files.contains(source), options)) {
      for (Path file : files) {
        tree.add(file);
      }
      return tree.read();
    }
  }

  private void add(Path file) throws IOException {
    FileTree tree = FileTree.of(file, leftOut);
    trees.add(tree);
    tree.folders().forEach(folder -> folder(tree, folder));
    tree.images().forEach(image -> take(tree, image));
    Stream.concat(tree.unreadable().stream(), tree.lost().stream())
        .filter(one -> tree.layout().split(one.path()).isPresent())
        .forEach(one -> bad.add(one.file(), one.reason()));
  }

  private void folder(FileTree tree, String path) {
    String[] parts = tree.layout().within(path).orElse("").split("/", -1);
    if (parts.length == 2 && Split.of(parts[0]).filter(s -> s == Split.TRAIN).isPresent()) {
      folders.add(ClassName.of(parts[1]));
    }
  }

  private void take(FileTree tree, FoundImage image) {
    Optional<Split> split = tree.layout().split(image.path());
    String path = tree.layout().within(image.path()).orElse("");
    String[] parts = path.split("/", -1);
    Optional<String> other =
        split.isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(places.putIfAbsent(path, image.file()));
    if (other.isPresent()) {
      bad.add(image.file(), "the same image is in another zip: " + other.get());
    } else if (split.filter(s -> s == Split.UNLABELLED).isPresent()) {
      items.add(new Item(Split.UNLABELLED, "", image));
    } else if (split.isEmpty() || parts.length < 3) {
      leftOut.add(Reason.OUTSIDE, image.path());
    } else if (parts.length > 3) {
      bad.add(image.file(), "it lies deeper than %s/CLASS/ (move it up)".formatted(parts[0]));
    } else {
      items.add(new Item(split.get(), ClassName.of(parts[1]), image));
    }
  }

  private DataSet read() throws IOException {
    Split test = of(Split.TEST).isEmpty() ? Split.VALIDATION : Split.TEST;
    if (test == Split.TEST) {
      of(Split.VALIDATION).forEach(item -> leftOut.add(Reason.UNUSED, item.image().path()));
    }
    if (!leftOut.isEmpty()) {
      LOG.warn("{}: {}", source, leftOut);
    }
    List<Item> train = of(Split.TRAIN);
    List<Item> more = of(Split.UNLABELLED);
    List<Item> held = of(test);
    if (train.isEmpty() || held.isEmpty()) {
      bad.check();
      throw new IOException(missing(train.isEmpty() && held.isEmpty()));
    }
    List<String> own = folders.stream().map(ClassFolder::className).toList();
    List<String> classes = options.classes().isEmpty() ? own : options.classes();
    if (classes.size() != own.size()) {
      throw new IOException(
          "%s has %d class folders, %d names were given"
              .formatted(source, own.size(), classes.size()));
    }
    checkKnown(held, test, own);
    Sets sets = new Sets(own, classes, frames());
    try (ImageLoader loader = new ImageLoader(options.size(), bad)) {
      List<Item> learned = Stream.concat(train.stream(), more.stream()).toList();
      for (Item item : Stream.concat(learned.stream(), held.stream()).toList()) {
        loader.load(item.image());
      }
      bad.check();
      String name = DataSets.nameOf(source);
      return new DataSet(
          sets.of(name + "/train", learned, loader, 0),
          sets.of(name + "/" + test.folder(), held, loader, learned.size()));
    }
  }

  private List<Item> of(Split split) {
    return items.stream().filter(item -> item.split() == split).toList();
  }

  private String missing(boolean all) {
    List<String> candidates =
        trees.stream().flatMap(tree -> tree.layout().candidates().stream()).toList();
    if (!candidates.isEmpty()) {
      return "%s holds several sets; give one of the folders %s in it"
          .formatted(source, String.join(", ", candidates));
    }
    return all
        ? source
            + " holds no data set: expected IDX files (*-images-idx3-ubyte), CIFAR files (*.bin),"
            + " zips of split/class/image, or folders train/ and test/; IDX and CIFAR may be"
            + " gzipped, but not in a zip"
        : source + " needs images in train/CLASS/ and in test/CLASS/ (or val/CLASS/)";
  }

  private void checkKnown(List<Item> held, Split test, List<String> own) throws IOException {
    List<String> unknown =
        held.stream()
            .map(item -> ClassFolder.className(item.folder()))
            .filter(name -> !own.contains(name))
            .distinct()
            .toList();
    if (!unknown.isEmpty()) {
      // A class may be missing since its folder could not be read.
      bad.check();
      throw new IOException(
          "%s: of %s there are images in %s/, but not in train/"
              .formatted(source, String.join(", ", unknown), test.folder()));
    }
  }

  /** What the tables of the set say, by the ids of images. */
  private Map<String, TrackFrame> frames() throws IOException {
    Map<String, TrackFrame> frames = new HashMap<>();
    Map<String, String> all = new HashMap<>();
    for (FileTree tree : trees) {
      Map<String, String> ids = new HashMap<>();
      for (FoundImage image : tree.images()) {
        tree.layout()
            .within(image.path())
            .ifPresent(path -> ids.put(TrackTable.key(path), image.path()));
      }
      if (tree.tracks().isPresent()) {
        Table table = tree.tracks().get();
        frames.putAll(TrackTable.read(table.file(), table.content().open(), ids));
      }
      all.putAll(ids);
    }
    Path beside = source.resolve(Layout.TRACKS);
    if (ofZips && Files.isRegularFile(beside)) {
      frames.putAll(TrackTable.read(beside.toString(), Files.newInputStream(beside), all));
    }
    return frames;
  }

  /**
   * Makes sets of images.
   *
   * @param own the classes by the names of their folders
   * @param classes the same by the names that they get
   * @param frames of tracks, by the ids of images
   */
  private record Sets(List<String> own, List<String> classes, Map<String, TrackFrame> frames) {
    ImageSet of(String name, List<Item> items, ImageLoader loader, int from) throws IOException {
      Map<String, Integer> indices = new HashMap<>();
      for (int i = 0; i < own.size(); i++) {
        indices.putIfAbsent(own.get(i), i);
      }
      int[] labels =
          items.stream()
              .mapToInt(
                  item ->
                      item.split() == Split.UNLABELLED
                          ? ImageSet.UNLABELLED
                          : indices.get(ClassFolder.className(item.folder())))
              .toArray();
      List<String> ids = items.stream().map(item -> item.image().path()).toList();
      List<Optional<TrackFrame>> tracked =
          frames.isEmpty()
              ? List.of()
              : ids.stream().map(id -> Optional.ofNullable(frames.get(id))).toList();
      Frame frame = loader.frame();
      return new ImageSet(
          name,
          frame.height(),
          frame.width(),
          frame.channels(),
          loader.samples(name, from, from + items.size()),
          labels,
          classes,
          ids,
          tracked);
    }
  }

  @Override
  public void close() throws IOException {
    for (FileTree tree : trees) {
      tree.close();
    }
  }
}
