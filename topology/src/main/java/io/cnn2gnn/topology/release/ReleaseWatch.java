package io.cnn2gnn.topology.release;

import ai.djl.Device;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What keeps a service at the release that its models topic asks for, and tries candidates beside
 * it.
 */
public final class ReleaseWatch implements AnswerListener, AutoCloseable {
  /** A bundle may not be larger: see {@link io.cnn2gnn.model.bundle.Bundle}. */
  private static final long MOST_BYTES = 256L << 20;

  private static final Duration FIRST_READ = Duration.ofSeconds(10);

  private final Shadow shadow;
  private final ReleaseThread thread;

  private ReleaseWatch(Shadow shadow, ReleaseThread thread) {
    this.shadow = shadow;
    this.thread = thread;
  }

  /**
   * What the watch works with.
   *
   * @param bank like which a candidate gets one
   * @param decoders decode records for a candidate of another input size
   * @param models what it keeps up to date
   * @param bundle hash of the bundle that the model in service was made of
   * @param device that released models are loaded to
   * @param candidates which nodes may be neighbours
   * @param probation what a released model has to endure first
   * @param classifier makes what answers for it
   * @param cache folder of fetched bundles
   * @param reader of the models topic; closed with the watch
   * @param publisher writes to it
   * @param news tells what became of a release
   * @param heap decides where it was too small
   */
  public record Parts(
      BankConfig bank,
      Supplier<RecordDecoder> decoders,
      ActiveModel models,
      String bundle,
      Device device,
      Candidates candidates,
      ReleaseLoader.Probation probation,
      Function<StudentModel, Classifier> classifier,
      Path cache,
      ReleaseReader reader,
      Consumer<ModelRelease> publisher,
      ReleaseNews news,
      HeapFaults heap) {}

  /**
   * Reads the models topic to its end, brings the service to the active release if that can be had
   * now, and watches on.
   *
   * @throws IllegalArgumentException if a folder that is allowed is none
   * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if the registry is away
   */
  public static ReleaseWatch start(ReleaseConfig config, Parts parts) {
    BundleCache cache = new BundleCache(parts.cache());
    ReleaseLoader loader =
        new ReleaseLoader(
            new ReferenceFetcher(
                new ReferenceConfig(config.allowed(), MOST_BYTES, config.timeout())),
            cache,
            parts.device(),
            parts.candidates(),
            parts.probation(),
            parts.classifier(),
            parts.heap());
    Shadow shadow = new Shadow(config.shadow(), parts.bank(), parts.decoders(), parts.heap());
    ReleaseFollower follower =
        new ReleaseFollower(
            config.model().isEmpty() ? parts.models().card().name() : config.model(),
            parts.bundle(),
            parts.models(),
            loader,
            cache,
            shadow,
            config.shadow().promotion(),
            parts.publisher(),
            parts.news(),
            System::nanoTime);
    try {
      follower.follow(parts.reader().readToEnd(FIRST_READ));
    } catch (RuntimeException | Error e) {
      follower.close();
      parts.reader().close();
      throw e;
    }
    ReleaseThread thread = new ReleaseThread(parts.reader(), follower);
    thread.start();
    return new ReleaseWatch(shadow, thread);
  }

  @Override
  public void answered(
      ServedModel model, List<DecodedImage> images, List<Answer> answers, long nanos) {
    shadow.answered(model, images, answers, nanos);
  }

  @Override
  public void close() {
    thread.close();
  }
}
