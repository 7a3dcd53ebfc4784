package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.InputImages;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads images of the input topic again by their coordinates and embeds them: a slice at a time,
 * read and decoded by other threads, so that no batch waits for it. It belongs to one task.
 */
final class FarImages {
  private static final Logger LOG = LoggerFactory.getLogger(FarImages.class);

  /** Images under way. */
  static final int SLICE = 16;

  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final InputImages images;
  private final Executor reading;
  private final LongSupplier nanos;
  private final Map<String, Coordinates> wanted = new LinkedHashMap<>();
  private final Map<String, Pending> decoding = new HashMap<>();
  private Optional<Reading> read = Optional.empty();
  private long notBefore;

  /** What became of an image. */
  sealed interface Found {
    /** Its metric vector for a model, what that makes of it by itself, and where it was. */
    record Embedded(Coordinates at, float[] metric, Optional<String> own) implements Found {}

    /** It will never be had; reason and message as in an outcome. */
    record Gone(String reason, String message) implements Found {}
  }

  private record Reading(
      int partition, Map<String, Long> offsets, CompletableFuture<List<Source>> records) {}

  /**
   * Reads from the input topic.
   *
   * @param reading runs what waits for a broker
   */
  FarImages(InputImages images, Executor reading, LongSupplier nanos) {
    this.images = images;
    this.reading = reading;
    this.nanos = nanos;
    this.notBefore = nanos.getAsLong();
  }

  /** Whether more can be wanted. */
  boolean hasRoom() {
    return wanted.size() + decoding.size() + read.map(r -> r.offsets().size()).orElse(0) < SLICE;
  }

  boolean isUnderWay(String image) {
    return wanted.containsKey(image)
        || decoding.containsKey(image)
        || read.filter(r -> r.offsets().containsKey(image)).isPresent();
  }

  void want(String image, Coordinates at) {
    wanted.put(image, at);
  }

  /** Nobody wants it any more. */
  void drop(String image) {
    wanted.remove(image);
    Optional.ofNullable(decoding.remove(image)).ifPresent(Pending::cancel);
    read.ifPresent(r -> r.offsets().remove(image));
  }

  /** Goes on, without waiting; what became of images since the last call, by their names. */
  Map<String, Found> poll(StudentModel model) {
    Map<String, Found> found = new LinkedHashMap<>();
    begin();
    takeRead(found);
    begin();
    takeDecoded(model, found);
    return found;
  }

  private void begin() {
    if (read.isPresent() || wanted.isEmpty() || nanos.getAsLong() - notBefore < 0) {
      return;
    }
    int partition = wanted.values().iterator().next().partition();
    Map<String, Long> offsets = new LinkedHashMap<>();
    for (Iterator<Map.Entry<String, Coordinates>> all = wanted.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, Coordinates> one = all.next();
      if (one.getValue().partition() == partition) {
        offsets.put(one.getKey(), one.getValue().offset());
        all.remove();
      }
    }
    List<Long> ascending = offsets.values().stream().sorted().distinct().toList();
    read =
        Optional.of(
            new Reading(
                partition,
                offsets,
                CompletableFuture.supplyAsync(
                    () -> images.records().read(partition, ascending), reading)));
  }

  private void takeRead(Map<String, Found> found) {
    if (read.isEmpty() || !read.get().records().isDone()) {
      return;
    }
    Reading done = read.get();
    read = Optional.empty();
    Map<Long, Source> byOffset = new HashMap<>();
    try {
      done.records().join().forEach(source -> byOffset.put(source.offset(), source));
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof KafkaException)) {
        throw e;
      }
      LOG.warn("labelled images cannot be read now: {}; trying again", e.getCause().toString());
      notBefore = nanos.getAsLong() + PAUSE_NANOS;
      done.offsets()
          .forEach(
              (image, offset) ->
                  wanted.put(image, new Coordinates(images.topic(), done.partition(), offset)));
      return;
    }
    done.offsets()
        .forEach(
            (image, offset) -> {
              Source source = byOffset.get(offset);
              if (source == null) {
                found.put(
                    image,
                    new Found.Gone(
                        "IMAGE_GONE",
                        "%s-%d no longer has the image's record %d"
                            .formatted(images.topic(), done.partition(), offset)));
              } else {
                decoding.put(image, images.begin(source));
              }
            });
  }

  private void takeDecoded(StudentModel model, Map<String, Found> found) {
    Map<String, Pending> ready = new LinkedHashMap<>();
    for (Map.Entry<String, Pending> one : Map.copyOf(decoding).entrySet()) {
      Pending pending = one.getValue();
      pending.retry();
      if (images.decoding().isAlone()) {
        pending.help();
      }
      if (pending.isDone()) {
        judge(one.getKey(), pending, model, ready, found);
      }
    }
    if (!ready.isEmpty() && nanos.getAsLong() - notBefore >= 0) {
      embed(model, ready, found);
    }
  }

  private void judge(
      String image,
      Pending pending,
      StudentModel model,
      Map<String, Pending> ready,
      Map<String, Found> found) {
    if (pending.get() instanceof Decoding.Refused refused) {
      decoding.remove(image);
      found.put(
          image,
          new Found.Gone("IMAGE_REFUSED", "the image is none: " + refused.rejection().message()));
      return;
    }
    DecodedImage decoded = image(pending);
    if (!decoded.query().image().equals(image)) {
      decoding.remove(image);
      found.put(
          image,
          new Found.Gone(
              "OTHER_IMAGE",
              "%s is image %s of its source, not the one that is labelled"
                  .formatted(pending.source().coordinates(), decoded.query().id())));
    } else if (!decoded.fits(model.card().student().input())) {
      // Another model is in service by now.
      decoding.put(image, images.begin(pending.source()));
    } else {
      ready.put(image, pending);
    }
  }

  private static DecodedImage image(Pending pending) {
    return ((Decoding.Accepted) pending.get()).image();
  }

  private void embed(StudentModel model, Map<String, Pending> ready, Map<String, Found> found) {
    List<Pending> all = List.copyOf(ready.values());
    List<StudentModel.Embedded> embedded;
    try {
      embedded = model.embed(all.stream().map(p -> image(p).query()).toList());
    } catch (RuntimeException e) {
      // A device without memory, as a rule: batches say what is wrong with a model.
      LOG.warn("labelled images cannot be embedded now: {}; trying again", e.toString());
      notBefore = nanos.getAsLong() + PAUSE_NANOS;
      return;
    }
    int i = 0;
    for (String image : ready.keySet()) {
      Source source = all.get(i).source();
      StudentModel.Embedded one = embedded.get(i++);
      decoding.remove(image);
      found.put(
          image,
          TaughtRow.Floats.areFinite(one.metric())
              ? new Found.Embedded(
                  new Coordinates(source.topic(), source.partition(), source.offset()),
                  one.metric(),
                  one.own())
              : new Found.Gone("IMAGE_OVERFLOWS", "the model makes no numbers of the image"));
    }
  }

  void close() {
    decoding.values().forEach(Pending::cancel);
    decoding.clear();
  }
}
