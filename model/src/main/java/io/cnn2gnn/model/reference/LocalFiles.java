package io.cnn2gnn.model.reference;

import io.cnn2gnn.model.reference.ReferenceRefusedException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Files of this machine. A name is followed through all its links first, and only a regular file
 * that is then below the allowed folder is opened. Who may write in that folder is trusted not to
 * exchange its subfolders for links at that very moment.
 */
final class LocalFiles {
  private LocalFiles() {}

  static byte[] read(AllowList.Target.Local target, Claim claim, Mounts mounts)
      throws ReferenceRefusedException {
    try {
      Path real = real(target, folder(target.folder(), claim), claim, mounts);
      BasicFileAttributes attributes =
          Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw claim.refused(Reason.REFERENCE_NOT_ALLOWED, "it is not a regular file");
      }
      claim.check(attributes.size());
      try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
        return in.readNBytes((int) claim.size() + 1);
      }
    } catch (NoSuchFileException e) {
      throw notFound(target, claim, mounts, e);
    } catch (AccessDeniedException e) {
      throw claim.refused(Reason.REFERENCE_REFUSED, "permission denied: " + e.getMessage());
    } catch (IOException e) {
      throw claim.unavailable(e);
    }
  }

  private static Path folder(Path folder, Claim claim) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw claim.unavailable(e);
    }
  }

  private static Path real(AllowList.Target.Local target, Path folder, Claim claim, Mounts mounts)
      throws IOException, ReferenceRefusedException {
    Path real;
    try {
      real = target.file().toRealPath();
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      // The folder is there, so it is the name: too long, below a file, in a circle of links. If
      // it were waited for, one such record would stop its partition for good.
      throw notFound(target, claim, mounts, e);
    }
    if (!real.startsWith(folder)) {
      throw claim.refused(
          Reason.REFERENCE_NOT_ALLOWED, "a link leads out of the allowed folder " + folder);
    }
    return real;
  }

  private static ReferenceRefusedException notFound(
      AllowList.Target.Local target, Claim claim, Mounts mounts, FileSystemException e) {
    try {
      if (mounts.isAway(target.folder())) {
        throw claim.unavailable(target.folder() + " is not mounted any more");
      }
    } catch (IOException gone) {
      throw claim.unavailable(gone);
    }
    return claim.refused(
        Reason.REFERENCE_NOT_FOUND, e.getReason() == null ? "no such file" : e.getReason());
  }
}
