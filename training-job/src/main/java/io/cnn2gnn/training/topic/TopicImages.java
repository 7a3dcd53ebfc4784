package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.Frame;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.TrackFrame;
import io.cnn2gnn.training.topic.Labels.Label;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of a topic as a data set. Labelled ones are learned from by their labels, the others
 * by the teacher's answers; a share of all, chosen by a salted hash of source and id, is held out:
 * labelled images of it are measured on, unlabelled ones are left, since they may be labelled by
 * the next time. An image that was sent twice counts as it was sent last. A label of the labels
 * topic wins over the one in the image's record, and what was corrected is learned from in any
 * case.
 */
public final class TopicImages {
  /** The most samples that an array holds. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final Logger LOG = LoggerFactory.getLogger(TopicImages.class);

  private final String topic;
  private final TopicLabels labels;
  private final RangeReader ranges;
  private final ImageReader reader;

  /**
   * Of a topic; reads nothing yet.
   *
   * @param labels what people say of these images
   * @param consumers makes consumers of committed records, in no group
   * @param patience how long a partition may bring nothing before its end
   */
  public TopicImages(
      String topic,
      TopicLabels labels,
      Supplier<? extends Consumer<byte[], byte[]>> consumers,
      ImageReader reader,
      Duration patience) {
    this.topic = topic;
    this.labels = labels;
    this.ranges = new RangeReader(topic, consumers, patience);
    this.reader = reader;
  }

  /**
   * Fixes a range by its offsets as they are now: of each partition, from the first record at or
   * after the one time to the first at or after the other. Of the labels all belong to it.
   *
   * @throws IOException if there is no such topic of images
   */
  public StreamRange range(TimePoint since, TimePoint until)
      throws IOException, InterruptedException {
    return new StreamRange(ranges.range(since, until), labels.range());
  }

  /**
   * Reads a range into memory. What is not readable, no image, or not in its record is counted and
   * told in the log, a line for each reason.
   *
   * @param beside images that are learned from beside these: they say which classes there are in
   *     any case, and how images are brought to one frame; without them the first labelled image
   *     does the latter
   * @return a training half, which may lack images of the classes that there are beside, and the
   *     labelled images held out; a class with too few images is in neither
   * @throws IOException if no image is labelled, no class has enough of them, none of them is held
   *     out, or the topic no longer has the range
   * @throws RegistryUnavailableException if a record's schema cannot be had now
   */
  public DataSet read(StreamRange range, Sampling sampling, Optional<ImageSet> beside)
      throws IOException, InterruptedException {
    Labels said = labels.read(range.labels());
    Frame frame =
        beside.isPresent()
            ? frame(beside.get().frame(), sampling)
            : frame(range.images(), said, sampling);
    InputSpec spec = frame.spec();
    int limit = Math.min(sampling.maxImages(), MAX_ARRAY / spec.bytes());
    Newest images = new Newest(limit);
    Skips skips = new Skips();
    Arrival.Clock clock = new Arrival.Clock();
    try (StreamDecoder decoder = new StreamDecoder(reader, skips, Optional.of(spec))) {
      ranges.read(
          range.images(),
          record -> {
            decoder
                .decode(record)
                .map(
                    image ->
                        new StreamImage(
                            image.name(),
                            said.of(image.name()).map(Label::name).or(image::label),
                            said.of(image.name()).map(Label::corrected).orElse(false),
                            sampling.side().fraction(image.name()),
                            clock.of(record),
                            Resize.to(spec, image.pixels())))
                .ifPresent(images::add);
            return true;
          });
    }
    skips.log();
    if (images.dropped() > 0) {
      LOG.warn(
          "{} holds more images than the {} that are kept in memory: the newest are (--max-images)",
          range.images(),
          limit);
    }
    List<StreamImage> kept = images.byHash();
    tell(range, said, kept);
    List<String> certain = beside.map(ImageSet::classes).orElse(List.of());
    return split(range, sampling, certain, frame, kept);
  }

  private static void tell(StreamRange range, Labels said, List<StreamImage> images) {
    if (said.size() > 0) {
      LOG.info(
          "{} has labels of {} images; {} of them are in {}, {} of those corrected",
          range.labels(),
          said.size(),
          images.stream().filter(image -> said.of(image.name()).isPresent()).count(),
          range.images(),
          images.stream().filter(StreamImage::corrected).count());
    }
  }

  private static Frame frame(Frame own, Sampling sampling) {
    return sampling
        .size()
        .map(size -> new Frame(size.height(), size.width(), own.channels()))
        .orElse(own);
  }

  private DataSet split(
      StreamRange range,
      Sampling sampling,
      List<String> certain,
      Frame frame,
      List<StreamImage> images)
      throws IOException {
    Classes classes = Classes.of(sampling, certain, images);
    List<StreamImage> train = new ArrayList<>();
    List<StreamImage> test = new ArrayList<>();
    for (StreamImage image : images) {
      if (image.label().filter(classes.leftOut()::containsKey).isPresent()) {
        continue;
      }
      if (image.learned(sampling.heldOut())) {
        train.add(image);
      } else if (image.label().isPresent()) {
        test.add(image);
      }
    }
    train.sort(StreamImage.spread(sampling.heldOut()));
    long labelled = images.stream().filter(image -> image.label().isPresent()).count();
    if (labelled == 0) {
      throw new IOException(
          "%s has no labelled image among %d; choose an earlier --since, or label some"
              .formatted(range, images.size()));
    }
    if (classes.kept().isEmpty()) {
      throw new IOException(
          "%s has no class of at least %d labelled images, one of them to learn from: %s; choose an"
                  .formatted(range, sampling.minClassImages(), classes.without())
              + " earlier --since or a smaller --min-class-images");
    }
    String name = range.toString();
    if (!classes.leftOut().isEmpty()) {
      LOG.warn(
          "{} classes of {} have fewer than {} labelled images, or none to learn from, and are left"
              + " out (--min-class-images): {}",
          classes.leftOut().size(),
          range,
          sampling.minClassImages(),
          classes.without());
      name += " without " + classes.without();
    }
    if (test.isEmpty()) {
      throw new IOException(
          "%s has %d labelled images, and none of them falls into the held-out share of %s; choose"
                  .formatted(range, labelled, sampling.heldOut())
              + " a larger --held-out or an earlier --since");
    }
    LOG.info(
        "{}: {} images to learn from, {} of them without a label, and {} held out",
        range,
        train.size(),
        train.stream().filter(image -> image.label().isEmpty()).count(),
        test.size());
    Map<ImageName, TrackFrame> tracks = Runs.of(images);
    return new DataSet(
        set(name, frame, classes.kept(), train, tracks),
        set(range + " held out", frame, classes.kept(), test, tracks));
  }

  private static ImageSet set(
      String name,
      Frame frame,
      List<String> classes,
      List<StreamImage> images,
      Map<ImageName, TrackFrame> tracks) {
    int bytes = frame.spec().bytes();
    byte[] pixels = new byte[Math.multiplyExact(bytes, images.size())];
    int[] labels = new int[images.size()];
    List<String> ids = new ArrayList<>();
    Map<String, Integer> indices = new HashMap<>();
    classes.forEach(c -> indices.put(c, indices.size()));
    for (int i = 0; i < labels.length; i++) {
      StreamImage image = images.get(i);
      System.arraycopy(image.samples(), 0, pixels, i * bytes, bytes);
      labels[i] = image.label().map(indices::get).orElse(ImageSet.UNLABELLED);
      ids.add(image.name().id());
    }
    return new ImageSet(
        name,
        frame.height(),
        frame.width(),
        frame.channels(),
        pixels,
        labels,
        classes,
        ids,
        Runs.of(images, tracks));
  }

  /** By the first labelled image, found in a reading of its own that ends with it. */
  private Frame frame(TopicRange range, Labels said, Sampling sampling)
      throws IOException, InterruptedException {
    AtomicReference<Pixels> first = new AtomicReference<>();
    try (StreamDecoder decoder = new StreamDecoder(reader, new Skips(), Optional.empty())) {
      ranges.read(
          range,
          record -> {
            decoder
                .decode(record)
                .filter(image -> image.label().isPresent() || said.of(image.name()).isPresent())
                .ifPresent(image -> first.set(image.pixels()));
            return first.get() == null;
          });
    }
    Pixels pixels = first.get();
    if (pixels == null) {
      throw new IOException(
          "%s has no labelled image; choose an earlier --since, or label some".formatted(range));
    }
    Frame frame = frame(new Frame(pixels.height(), pixels.width(), pixels.channels()), sampling);
    try {
      frame.spec();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the first labelled image of %s: %s; choose an --input-size for all"
              .formatted(topic, e.getMessage()),
          e);
    }
    return frame;
  }

  @Override
  public String toString() {
    return topic;
  }
}
