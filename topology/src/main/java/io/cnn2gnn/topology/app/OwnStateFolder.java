package io.cnn2gnn.topology.app;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * Where a service whose user has named no {@code state.dir} keeps its state: in the user's own
 * folder. One of a known name in a folder for all could be laid out beforehand by somebody else.
 */
final class OwnStateFolder {
  private static final String NAME = "cnn2gnn-streams";
  private static final String ADVICE = ": set state.dir to a folder that is this user's alone";
  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private OwnStateFolder() {}

  /**
   * By the XDG base directory specification.
   *
   * @throws IllegalArgumentException if the environment names none
   */
  static Path of(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    // A relative one is to be ignored, says the specification.
    if (Path.of(state).isAbsolute()) {
      return Path.of(state, NAME);
    }
    String home = environment.getOrDefault("HOME", environment.getOrDefault("USERPROFILE", ""));
    if (home.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no folder for state, as HOME is not set" + ADVICE);
    }
    return Path.of(home, ".local", "state", NAME);
  }

  /**
   * Refuses a folder that others could have written to.
   *
   * @throws IllegalArgumentException if it is there and is not this user's alone
   */
  static void check(Path folder) {
    if (!UNIX || !Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      if (isForeign(folder, LinkOption.NOFOLLOW_LINKS) || isForeign(folder)) {
        throw new IllegalArgumentException(
            "the folder for state %s belongs to %s%s"
                .formatted(folder, Files.getOwner(folder), ADVICE));
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
      if (permissions.contains(PosixFilePermission.GROUP_WRITE)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IllegalArgumentException(
            "others may write to the folder for state %s (%s): chmod 700 it, or set state.dir"
                .formatted(folder, PosixFilePermissions.toString(permissions)));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the folder for state %s cannot be looked at (%s)%s".formatted(folder, e, ADVICE), e);
    }
  }

  private static boolean isForeign(Path folder, LinkOption... links) throws IOException {
    long owner = ((Number) Files.getAttribute(folder, "unix:uid", links)).longValue();
    return owner != new UnixSystem().getUid();
  }

  /**
   * Makes it, for this user alone.
   *
   * @throws IllegalArgumentException if that is not possible, or it is not this user's alone
   */
  static void make(Path folder) {
    try {
      if (UNIX) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the folder for state %s cannot be made (%s)%s".formatted(folder, e, ADVICE), e);
    }
    check(folder);
  }
}
