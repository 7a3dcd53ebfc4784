package io.cnn2gnn.training.release;

import io.cnn2gnn.intake.ReleasedBundles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.schemas.avro.BundleReference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A folder of released bundles, from which services fetch them: over the file system, or through
 * whatever web server shows the folder under the base URI. A file is there whole or not at all, and
 * its name holds its hash, so another bundle never takes its place.
 */
public final class BundleStore {
  private static final int HASH_DIGITS = 12;

  private final Path folder;
  private final String base;

  /** A store whose bundles are fetched as files. */
  public BundleStore(Path folder) {
    this(folder, folder.toAbsolutePath().normalize().toUri());
  }

  /**
   * A store; the folder is made when something is stored.
   *
   * @param base the URI of the folder for those who fetch: {@code file}, {@code http} or {@code
   *     https}, with or without a slash at its end
   * @throws IllegalArgumentException if nobody could fetch from there
   */
  public BundleStore(Path folder, URI base) {
    if (base.getRawQuery() != null || base.getRawFragment() != null) {
      throw new IllegalArgumentException(
          base + " has a query or a fragment, and file names are added at its end");
    }
    this.folder = folder;
    this.base = prefix(base);
    AllowList.of(AllowList.BUNDLES, "").with(this.base); // or says why no service could fetch there
  }

  /** A folder that is not there yet has a URI without the slash. */
  private static String prefix(URI folder) {
    return folder.toString().endsWith("/") ? folder.toString() : folder + "/";
  }

  /**
   * Fetches what was released to this store, and what lies below the other places that are allowed.
   *
   * @param timeout of connecting, and of the whole answer, over http
   * @throws IOException if the folder cannot be made or written to
   * @throws IllegalArgumentException if another folder that is allowed is none
   */
  public BundleFetcher fetcher(AllowList others, Duration timeout) throws IOException {
    AtomicFile.prepare(folder);
    AllowList allowed = others.with(prefix(folder.toAbsolutePath().normalize().toUri()));
    // Services may have the folder elsewhere than it is here.
    URI shown = URI.create(base);
    boolean elsewhere =
        shown.getScheme().equalsIgnoreCase("file") && !Files.isDirectory(Path.of(shown));
    return new BundleFetcher(
        new ReleasedBundles(elsewhere ? allowed : allowed.with(base), timeout));
  }

  /**
   * Writes a bundle as {@code NAME-VERSION-HASH.bundle}; the same bundle is the same file.
   *
   * @return where it is from now on, with its hash and length
   * @throws IOException naming the file that cannot be written
   */
  public BundleReference store(Bundle bundle) throws IOException {
    byte[] bytes = bundle.bytes();
    String sha256 = Sha256.hex(bytes);
    String file =
        "%s-%s-%s.bundle"
            .formatted(
                plain(bundle.card().name()),
                plain(bundle.card().version()),
                sha256.substring(0, HASH_DIGITS));
    AtomicFile.write(folder.resolve(file), bytes);
    return new BundleReference(base + file, sha256, (long) bytes.length);
  }

  /** Only what means the same to every file system and in every URI. */
  private static String plain(String text) {
    return text.replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
