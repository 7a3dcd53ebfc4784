package io.cnn2gnn.topology.release;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.Optional;
import java.util.function.Function;

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

  private final ReferenceFetcher fetcher;
  private final BundleCache cache;
  private final Device device;
  private final Candidates candidates;
  private final Probation probation;
  private final Function<StudentModel, Classifier> classifier;
  private final HeapFaults heap;

  ReleaseLoader(
      ReferenceFetcher fetcher,
      BundleCache cache,
      Device device,
      Candidates candidates,
      Probation probation,
      Function<StudentModel, Classifier> classifier,
      HeapFaults heap) {
    this.fetcher = fetcher;
    this.cache = cache;
    this.device = device;
    this.candidates = candidates;
    this.probation = probation;
    this.classifier = classifier;
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
      byte[] file = file(release);
      Bundle bundle = Bundle.parse(key, file);
      check(release, bundle.card());
      StudentModel model = StudentModel.open(bundle, device, candidates);
      try {
        probation.endure(model);
        return new ServedModel(model, classifier);
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

  private byte[] file(ModelRelease release)
      throws ReferenceRefusedException, ReleaseRefusedException {
    String hash = release.getBundle().getSha256();
    Optional<byte[]> kept = cache.get(hash);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] file = fetcher.fetch(release.getBundle().getUri(), hash, release.getBundle().getSize());
    cache.put(hash, file);
    return file;
  }

  private static void check(ModelRelease release, ModelCard card) throws ReleaseRefusedException {
    String told = Releases.key(release);
    if (!card.id().equals(told) || !card.space().equals(release.getSpace())) {
      throw new ReleaseRefusedException(
          "the release is of %s in space %s, its bundle is %s in space %s"
              .formatted(told, release.getSpace(), card.id(), card.space()));
    }
  }
}
