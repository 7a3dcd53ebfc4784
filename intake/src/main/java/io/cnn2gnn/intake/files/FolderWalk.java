package io.cnn2gnn.intake.files;

import io.cnn2gnn.intake.files.LeftOut.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Looks through a folder and those below it, and those that links lead to. */
final class FolderWalk implements FileVisitor<Path> {
  private final Path root;
  private final FileTree tree;
  private final List<Found> files = new ArrayList<>();

  private record Found(String path, Path file, Optional<String> fault) {}

  FolderWalk(Path root, FileTree tree) {
    this.root = root;
    this.tree = tree;
  }

  static void walk(Path root, FileTree tree) throws IOException {
    FolderWalk walk = new FolderWalk(root, tree);
    try {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
    } catch (AccessDeniedException e) {
      throw new IOException(e.getFile() + " may not be read by this user", e);
    }
    walk.tell();
  }

  /** Hands over what was found, in order. */
  void tell() {
    files.sort(Comparator.comparing(Found::path));
    for (Found found : files) {
      tree.file(
          found.path(),
          found.file().toString(),
          found.fault(),
          () -> Files.newInputStream(found.file()));
    }
  }

  private String path(Path file) {
    return root.relativize(file).toString().replace(root.getFileSystem().getSeparator(), "/");
  }

  /** Whether somebody may mean it; if not, that is told. */
  private boolean counts(Path file) {
    String name = file.getFileName().toString();
    if (HiddenFile.isOne(name)) {
      tree.leftOut(Reason.HIDDEN, path(file));
      return false;
    }
    return tree.isNamed(path(file), file.toString());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (folder.equals(root)) {
      return FileVisitResult.CONTINUE;
    }
    if (!counts(folder)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    tree.folder(path(folder));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!counts(file)) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isSymbolicLink()) {
      dangling(file);
    } else if (!attributes.isRegularFile()) {
      add(file, "it is a device, a pipe or a socket");
    } else if (!Files.isReadable(file)) {
      add(file, "it may not be read by this user");
    } else {
      files.add(new Found(path(file), file, Optional.empty()));
    }
    return FileVisitResult.CONTINUE;
  }

  private void add(Path file, String fault) {
    files.add(new Found(path(file), file, Optional.of(fault)));
  }

  private void dangling(Path link) {
    if (ImageFormats.byName(link.getFileName().toString()).isPresent()) {
      add(link, "it is a link that cannot be followed");
    } else {
      tree.lost(Reason.DANGLING, path(link), link.toString());
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException && !file.equals(root)) {
      return FileVisitResult.CONTINUE; // it was there a moment ago
    }
    if (e instanceof FileSystemLoopException) {
      tree.leftOut(Reason.CIRCLE, path(file));
      return FileVisitResult.CONTINUE;
    }
    if (!(e instanceof AccessDeniedException) || file.equals(root)) {
      throw e;
    }
    String name = file.getFileName().toString();
    if (HiddenFile.isOne(name)) {
      tree.leftOut(Reason.UNREADABLE, path(file));
    } else if (ImageFormats.byName(name).isPresent() && !Files.isDirectory(file)) {
      add(file, "it may not be read by this user");
    } else {
      tree.lost(Reason.UNREADABLE, path(file), file.toString());
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
    if (e != null) {
      throw e;
    }
    return FileVisitResult.CONTINUE;
  }
}
