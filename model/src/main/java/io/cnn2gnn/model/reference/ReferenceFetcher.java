package io.cnn2gnn.model.reference;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Fetches the files that records point to, from the places that the configuration allows. What is
 * returned is the file that the record means, by length and SHA-256, or nothing is.
 *
 * <p>A fetch blocks its stream thread, which polls and commits nothing meanwhile: it counts against
 * {@code max.poll.interval.ms} and {@code transaction.timeout.ms}. A try from the web ends with the
 * timeout; a file of this machine takes the time that its file system takes. Instances are shared
 * between threads.
 */
public final class ReferenceFetcher {
  private final ReferenceConfig config;
  private final WebFiles web;
  private final Mounts mounts;

  /**
   * Fetches what a configuration allows.
   *
   * @throws IllegalArgumentException if a folder that is allowed is none
   */
  public ReferenceFetcher(ReferenceConfig config) {
    this(config, Mounts::of);
  }

  ReferenceFetcher(ReferenceConfig config, Function<List<Path>, Mounts> mounts) {
    this.config = config;
    this.web = new WebFiles(config.timeout());
    for (Path folder : config.allowed().folders()) {
      // At the start a mistake; later it may be a mount that is away, and is waited for.
      if (!Files.isDirectory(folder)) {
        throw new IllegalArgumentException(
            "%s: there is no folder %s".formatted(config.allowed().key(), folder));
      }
    }
    this.mounts = mounts.apply(config.allowed().folders());
  }

  /** The largest file that is fetched. */
  public long maxBytes() {
    return config.maxBytes();
  }

  /**
   * Fetches a file, in one try.
   *
   * @param sha256 of the file, in hexadecimal digits
   * @param size its length in bytes
   * @throws ReferenceRefusedException if it will never be had
   * @throws ReferenceUnavailableException if it cannot be had now
   */
  public byte[] fetch(String uri, String sha256, long size) throws ReferenceRefusedException {
    AllowList.Target target = config.allowed().admit(uri);
    Claim claim = Claim.of(uri, sha256, size, config.maxBytes());
    byte[] file;
    if (target instanceof AllowList.Target.Local local) {
      file = LocalFiles.read(local, claim, mounts);
    } else {
      file = web.read(((AllowList.Target.Web) target).uri(), claim);
    }
    claim.check(file);
    return file;
  }
}
