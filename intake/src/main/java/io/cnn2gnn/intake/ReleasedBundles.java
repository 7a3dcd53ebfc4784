package io.cnn2gnn.intake;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.Releases;
import java.time.Duration;

/**
 * The bundles that releases point to. Nothing is parsed before length and SHA-256 are those of the
 * release. Shared between threads.
 */
public final class ReleasedBundles {
  /** A bundle may not be larger: see {@link Bundle}. */
  private static final long MAX_BYTES = 256L << 20;

  private final ReferenceFetcher files;

  /**
   * Fetches from some places.
   *
   * @param allowed where the URIs of releases may point: whoever writes to their topic chooses them
   * @param timeout of one try, from connecting to the last byte
   * @throws IllegalArgumentException if a folder that is allowed is none
   */
  public ReleasedBundles(AllowList allowed, Duration timeout) {
    this.files = new ReferenceFetcher(new ReferenceConfig(allowed, MAX_BYTES, timeout));
  }

  /**
   * Fetches the file that a release means, in one try.
   *
   * @throws ReferenceRefusedException if it will never be had
   * @throws io.cnn2gnn.model.reference.ReferenceUnavailableException if it cannot be had now
   */
  public byte[] fetch(ModelRelease release) throws ReferenceRefusedException {
    BundleReference bundle = release.getBundle();
    return files.fetch(bundle.getUri(), bundle.getSha256(), bundle.getSize());
  }

  /**
   * Parses what was fetched.
   *
   * @throws BundleException if it is no bundle, or that of another model or embedding space
   */
  public static Bundle parse(ModelRelease release, byte[] file) throws BundleException {
    String told = Releases.key(release);
    Bundle bundle = Bundle.parse(told, file);
    ModelCard card = bundle.card();
    if (!card.id().equals(told) || !card.space().equals(release.getSpace())) {
      throw new BundleException(
          "the release is of %s in space %s, its bundle is %s in space %s"
              .formatted(told, release.getSpace(), card.id(), card.space()));
    }
    return bundle;
  }
}
