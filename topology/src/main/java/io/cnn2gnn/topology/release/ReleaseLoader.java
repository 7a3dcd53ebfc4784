package io.cnn2gnn.topology.release;

import io.cnn2gnn.intake.ReleasedBundles;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import io.cnn2gnn.topology.serving.ModelFactory;
import io.cnn2gnn.topology.serving.ServedModel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a model of a release. Length and SHA-256 are checked before a byte is parsed; then shapes,
 * finiteness, the golden set, and the probation on this machine. It blocks its thread for as long
 * as all that takes.
 */
public final class ReleaseLoader {
  /** What a model has to endure here before it may serve. */
  public interface Probation {
    /**
     * Warms the model up and measures it.
     *
     * @throws ReleaseRefusedException if it is not fit to serve on this machine
     */
    void endure(StudentModel model) throws ReleaseRefusedException;
  }

  private final ReleasedBundles bundles;
  private final BundleCache cache;
  private final ModelFactory models;
  private final Probation probation;
  private final HeapFaults heap;

  /**
   * Fetches what a configuration allows.
   *
   * @param cache folder of fetched bundles
   * @param models opens bundles
   * @param heap decides where it was too small for one
   */
  public ReleaseLoader(
      ReleaseConfig config, Path cache, ModelFactory models, Probation probation, HeapFaults heap) {
    this.bundles = new ReleasedBundles(config.allowed(), config.timeout());
    this.cache = new BundleCache(cache);
    this.models = models;
    this.probation = probation;
    this.heap = heap;
  }

  /**
   * Loads a release; the caller closes it.
   *
   * @throws ReleaseRefusedException if it will never do
   * @throws io.cnn2gnn.model.reference.ReferenceUnavailableException if its bundle cannot be had
   *     now
   */
  ServedModel load(ModelRelease release) throws ReleaseRefusedException {
    String key = Releases.key(release);
    try {
      StudentModel model = models.open(ReleasedBundles.parse(release, file(release)));
      try {
        probation.endure(model);
        return models.serve(model);
      } catch (ReleaseRefusedException | RuntimeException | Error e) {
        model.close();
        throw e;
      }
    } catch (BundleException | ReferenceRefusedException e) {
      throw new ReleaseRefusedException(e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      var unused = heap.decide(Place.RELEASE, key, e);
      throw new ReleaseRefusedException("this instance's heap is too small for it", e);
    }
  }

  /** Forgets fetched bundles of other hashes. */
  void keepOnly(Set<String> hashes) {
    cache.keepOnly(hashes);
  }

  private byte[] file(ModelRelease release)
      throws ReferenceRefusedException, ReleaseRefusedException {
    String hash = release.getBundle().getSha256();
    Optional<byte[]> kept = cache.get(hash);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] file = bundles.fetch(release);
    cache.put(hash, file);
    return file;
  }
}
