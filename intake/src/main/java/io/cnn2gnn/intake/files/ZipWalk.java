package io.cnn2gnn.intake.files;

import io.cnn2gnn.intake.files.LeftOut.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.xz.XZUtils;

/** Looks through a zip. */
final class ZipWalk {
  private final Path source;
  private final ZipFile zip;
  private final FileTree tree;
  private final Set<String> hidden = new HashSet<>();

  private ZipWalk(Path source, ZipFile zip, FileTree tree) {
    this.source = source;
    this.zip = zip;
    this.tree = tree;
  }

  static ZipFile open(Path source) throws IOException {
    try {
      return ZipFile.builder().setPath(source).get();
    } catch (AccessDeniedException e) {
      throw new IOException(source + " may not be read by this user", e);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          source + " is not a readable zip: " + e.getMessage() + "; give a folder or a zip", e);
    }
  }

  static void walk(Path source, ZipFile zip, FileTree tree) {
    ZipWalk walk = new ZipWalk(source, zip, tree);
    for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
      walk.take(entry);
    }
  }

  private void take(ZipArchiveEntry entry) {
    String name = ZipName.of(entry);
    Optional<String> path = ZipName.path(name);
    if (path.isEmpty()) {
      tree.leftOut(Reason.ESCAPE, name);
      return;
    }
    String file = source + "!" + path.get();
    if (path.get().isEmpty() || isHidden(path.get()) || !tree.isNamed(path.get(), file)) {
      return;
    }
    boolean folder = ZipName.isFolder(name);
    folders(folder ? path.get() + "/" : path.get());
    if (!folder) {
      tree.file(path.get(), file, fault(entry), () -> zip.getInputStream(entry));
    }
  }

  /** Whether it lies in what is hidden, which is told once. */
  private boolean isHidden(String path) {
    int end = 0;
    for (String part : path.split("/", -1)) {
      end += part.length();
      if (HiddenFile.isOne(part)) {
        String first = path.substring(0, end);
        if (hidden.add(first)) {
          tree.leftOut(Reason.HIDDEN, first);
        }
        return true;
      }
      end++;
    }
    return false;
  }

  /** Many zips have no entries of folders. */
  private void folders(String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      tree.folder(path.substring(0, slash));
    }
  }

  private Optional<String> fault(ZipArchiveEntry entry) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      return Optional.of("it is protected by a password (unpack the zip, or pack it without one)");
    }
    if (entry.isUnixSymlink()) {
      return Optional.of("it is a link (pack what it leads to, or unpack the zip)");
    }
    return isRead(entry)
        ? Optional.empty()
        : Optional.of(
            "it is compressed with %s, which is not read (unpack the zip, or pack it with Deflate)"
                .formatted(method(entry)));
  }

  /** The library also counts as readable what it needs a library for. */
  private boolean isRead(ZipArchiveEntry entry) {
    boolean xz = entry.getMethod() == ZipMethod.XZ.getCode();
    return zip.canReadEntryData(entry) && (!xz || XZUtils.isXZCompressionAvailable());
  }

  private static String method(ZipArchiveEntry entry) {
    ZipMethod method = ZipMethod.getMethodByCode(entry.getMethod());
    return method == null || method == ZipMethod.UNKNOWN
        ? "method " + entry.getMethod()
        : method.name().toUpperCase(Locale.ROOT);
  }
}
