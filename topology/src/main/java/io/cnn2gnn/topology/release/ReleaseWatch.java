package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What keeps a service at the release that its models topic asks for, and tries candidates beside
 * it.
 */
public final class ReleaseWatch implements AnswerListener, AutoCloseable {
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
   * @param models what it keeps up to date
   * @param sha256 of the bundle that the model in service was made of
   * @param loader makes models of releases
   * @param shadow tries candidates; closed with the watch
   * @param reader of the models topic; closed with the watch
   * @param publisher writes to it
   * @param news tells what became of a release
   */
  public record Parts(
      ActiveModel models,
      String sha256,
      ReleaseLoader loader,
      Shadow shadow,
      ReleaseReader reader,
      Consumer<ModelRelease> publisher,
      ReleaseNews news) {}

  /**
   * Reads the models topic to its end, brings the service to the active release if that can be had
   * now, and watches on.
   *
   * @param name of the model; empty for that of the one in service
   * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if the registry is away
   */
  public static ReleaseWatch start(String name, Parts parts) {
    ReleaseFollower follower =
        new ReleaseFollower(
            name.isEmpty() ? parts.models().card().name() : name,
            parts.sha256(),
            parts.models(),
            parts.loader(),
            parts.shadow(),
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
    return new ReleaseWatch(parts.shadow(), thread);
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
