package io.cnn2gnn.training.release;

import io.cnn2gnn.intake.ReleasedBundles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.model.reference.ReferenceUnavailableException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.Releases;

/** Fetches bundles for the gate, as a service would. Safe for use by several threads. */
public final class BundleFetcher {
  private final ReleasedBundles bundles;

  BundleFetcher(ReleasedBundles bundles) {
    this.bundles = bundles;
  }

  /**
   * Fetches, checks and parses.
   *
   * @throws BundleException naming the release, if its URI is not allowed, there is no such file
   *     now, or it is another than the release means
   * @throws InterruptedException if this thread is interrupted while a server answers
   */
  public Bundle fetch(ModelRelease release) throws BundleException, InterruptedException {
    String what = "the bundle of release " + Releases.key(release);
    try {
      return ReleasedBundles.parse(release, bundles.fetch(release));
    } catch (BundleException e) {
      String where = release.getBundle().getUri();
      throw new BundleException(what + " at " + where + ": " + e.getMessage(), e);
    } catch (ReferenceRefusedException e) {
      throw new BundleException(what + " is not fetched: " + e.getMessage(), e);
    } catch (ReferenceUnavailableException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while fetching " + what);
      }
      throw new BundleException(what + " cannot be fetched now: " + e.getMessage(), e);
    }
  }
}
