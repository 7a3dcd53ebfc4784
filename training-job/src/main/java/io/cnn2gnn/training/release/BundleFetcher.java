package io.cnn2gnn.training.release;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.model.reference.ReferenceUnavailableException;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.Releases;
import java.time.Duration;

/**
 * Fetches the bundle of a release from the places that are allowed, as a service would. Nothing is
 * parsed before length and SHA-256 are those of the release. Safe for use by several threads.
 */
public final class BundleFetcher {
  /** As much as a bundle may be. */
  static final long MAX_BYTES = 256L << 20;

  private final ReferenceFetcher files;

  /**
   * Makes one.
   *
   * @param allowed where the URIs of releases may point: whoever writes to their topic chooses them
   * @param maxBytes the largest bundle that is fetched
   * @param timeout of connecting, and of the whole answer, over http
   * @throws IllegalArgumentException if a folder that is allowed is none
   */
  BundleFetcher(AllowList allowed, long maxBytes, Duration timeout) {
    this.files = new ReferenceFetcher(new ReferenceConfig(allowed, maxBytes, timeout));
  }

  /**
   * Fetches, checks and parses.
   *
   * @throws BundleException naming the release, if its URI is not allowed, there is no such file
   *     now, or it is another than the release means
   * @throws InterruptedException if this thread is interrupted while a server answers
   */
  public Bundle fetch(ModelRelease release) throws BundleException, InterruptedException {
    BundleReference reference = release.getBundle();
    String what = "the bundle of release " + Releases.key(release);
    byte[] bytes;
    try {
      bytes = files.fetch(reference.getUri(), reference.getSha256(), reference.getSize());
    } catch (ReferenceRefusedException e) {
      throw new BundleException(what + " is not fetched: " + e.getMessage(), e);
    } catch (ReferenceUnavailableException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while fetching " + what);
      }
      throw new BundleException(what + " cannot be fetched now: " + e.getMessage(), e);
    }
    Bundle bundle = Bundle.parse(what + " at " + reference.getUri(), bytes);
    if (!bundle.card().space().equals(release.getSpace())) {
      throw new BundleException(
          "%s spans the embedding space %s, its release says %s"
              .formatted(what, bundle.card().space(), release.getSpace()));
    }
    return bundle;
  }
}
