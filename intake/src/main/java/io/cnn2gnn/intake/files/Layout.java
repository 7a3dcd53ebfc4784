package io.cnn2gnn.intake.files;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the folders of a tree of images say of them: {@code split/class/image}, {@code class/image}
 * or {@code image}, where a data set may lie in a folder of its own, as in a zip of one.
 */
public final class Layout {
  /** A file where a data set begins that says which images are frames of one track. */
  public static final String TRACKS = "tracks.tsv";

  private final String root;
  private final Set<String> places;

  private Layout(String root, Set<String> places) {
    this.root = root;
    this.places = places;
  }

  /** Of images at these paths. */
  static Layout of(Collection<String> paths) {
    Set<String> places = new TreeSet<>();
    paths.forEach(path -> place(path).ifPresent(places::add));
    String root =
        places.isEmpty()
            ? wrapper(paths)
            : places.contains("") || places.size() > 1 ? "" : places.iterator().next();
    return new Layout(root, places);
  }

  /** What stands in front of the split in a path, if there is one. */
  private static Optional<String> place(String path) {
    String[] parts = path.split("/", -1);
    StringBuilder before = new StringBuilder();
    for (int i = 0; i < parts.length - 1; i++) {
      Optional<Split> split = Split.of(parts[i]);
      if (split.isPresent() && (split.get() == Split.UNLABELLED || i < parts.length - 2)) {
        return Optional.of(before.toString());
      }
      before.append(parts[i]).append('/');
    }
    return Optional.empty();
  }

  /** The folders, one in the other, that all images lie in, but for those that are classes. */
  private static String wrapper(Collection<String> paths) {
    String root = "";
    while (true) {
      Set<String> tops = new TreeSet<>();
      boolean deep = false;
      for (String path : paths) {
        String rest = path.substring(root.length());
        int slash = rest.indexOf('/');
        tops.add(rest.substring(0, slash + 1));
        deep |= rest.indexOf('/', slash + 1) >= 0;
      }
      if (tops.size() != 1 || !deep) {
        return root;
      }
      root += tops.iterator().next();
    }
  }

  /** The folder in which the data set lies, with a slash behind it; empty if it is the source. */
  public String root() {
    return root;
  }

  /**
   * Folders that hold a data set each, where it cannot be known which one is meant: one of them has
   * to be named.
   */
  public List<String> candidates() {
    return root.isEmpty() && !places.contains("") ? List.copyOf(places) : List.of();
  }

  /** The path of a file or folder from where the data set begins. */
  public Optional<String> within(String path) {
    return path.startsWith(root) ? Optional.of(path.substring(root.length())) : Optional.empty();
  }

  /** The split that an image, or a folder of images, lies in. */
  public Optional<Split> split(String path) {
    return within(path)
        .filter(rest -> rest.indexOf('/') >= 0)
        .flatMap(rest -> Split.of(rest.substring(0, rest.indexOf('/'))));
  }

  /** The class of an image: the name of its folder, if that is neither a split nor the set's. */
  public Optional<String> label(String path) {
    String rest = within(path).orElse(path);
    int end = rest.lastIndexOf('/');
    if (end < 0 || isUnlabelled(rest.substring(0, end))) {
      return Optional.empty();
    }
    String folder = rest.substring(rest.lastIndexOf('/', end - 1) + 1, end);
    boolean split = folder.length() == end && !places.isEmpty() && Split.of(folder).isPresent();
    return split ? Optional.empty() : Optional.of(ClassFolder.className(folder));
  }

  private static boolean isUnlabelled(String folders) {
    return Arrays.stream(folders.split("/", -1))
        .flatMap(folder -> Split.of(folder).stream())
        .anyMatch(split -> split == Split.UNLABELLED);
  }
}
