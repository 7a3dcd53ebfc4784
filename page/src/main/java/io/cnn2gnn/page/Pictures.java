package io.cnn2gnn.page;

import io.cnn2gnn.intake.Arrived;
import io.cnn2gnn.intake.ImageContent;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Pictures of answered images, drawn anew: a browser never gets a sender's bytes. They stand
 * upright, whatever format they were sent in. What the service has not answered is not decoded here
 * either: it was refused, perhaps for what decoding it costs. One is read at a time.
 */
final class Pictures implements AutoCloseable {
  /** Sides of a picture in a list, and of one by itself. */
  private static final int SMALL = 128;

  private static final int LARGE = 640;
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long MOST_BYTES = 32L << 20;
  private static final int MOST_WAITING = 10;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final ImageReader records;
  private final Gallery gallery;
  private final ImageDecoder decoder = new ImageDecoder(mostPixels());
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private Optional<Consumer<byte[], byte[]>> consumer = Optional.empty();
  private long held;

  private record Key(Place place, boolean small) {}

  private final Map<Key, byte[]> drawn = new LinkedHashMap<>(64, 0.75f, true);

  Pictures(Kafka kafka, ImageReader records, Gallery gallery) {
    this.consumers = () -> kafka.consumer(1);
    this.records = records;
    this.gallery = gallery;
  }

  /** A picture may take a third of the heap. */
  private static long mostPixels() {
    long fitting = Runtime.getRuntime().maxMemory() / 3 / ImageHeader.MOST_BYTES_PER_PIXEL;
    return Math.min(ImageRecords.MAX_PIXELS, fitting);
  }

  /** The picture that a query asks for. */
  Reply picture(Map<String, String> query) {
    return Place.parse(query.getOrDefault("at", ""))
        .flatMap(place -> png(place, query.containsKey("small")))
        .map(png -> new Reply(200, "image/png", png))
        .orElseGet(() -> Reply.problem(404, "there is no picture of it"));
  }

  /** A PNG; empty if there is no picture in the record, it is gone, or too many are asked for. */
  Optional<byte[]> png(Place place, boolean small) {
    // So many threads wait here at most, and others are left for whoever asks for anything else.
    if (gallery.at(place).isEmpty() || !waiting.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return read(place, small);
    } finally {
      waiting.release();
    }
  }

  private synchronized Optional<byte[]> read(Place place, boolean small) {
    Key key = new Key(place, small);
    byte[] known = drawn.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<byte[]> png =
        record(place).flatMap(one -> pixels(one, small ? SMALL : LARGE)).map(Pictures::encode);
    png.ifPresent(bytes -> keep(key, bytes));
    return png;
  }

  private void keep(Key key, byte[] bytes) {
    drawn.put(key, bytes);
    held += bytes.length;
    var eldest = drawn.entrySet().iterator();
    while (held > MOST_BYTES && eldest.hasNext()) {
      held -= eldest.next().getValue().length;
      eldest.remove();
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> record(Place place) {
    try {
      Consumer<byte[], byte[]> reader = consumer.orElseGet(consumers);
      consumer = Optional.of(reader);
      TopicPartition partition = new TopicPartition(place.topic(), place.partition());
      reader.assign(List.of(partition));
      if (place.offset() < reader.beginningOffsets(List.of(partition), PATIENCE).get(partition)
          || place.offset() >= reader.endOffsets(List.of(partition), PATIENCE).get(partition)) {
        return Optional.empty();
      }
      reader.seek(partition, place.offset());
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() - end < 0) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(PATIENCE)) {
          return Optional.of(record).filter(one -> one.offset() == place.offset());
        }
      }
      return Optional.empty();
    } catch (KafkaException e) {
      close();
      return Optional.empty();
    }
  }

  private Optional<Pixels> pixels(ConsumerRecord<byte[], byte[]> record, int side) {
    try {
      ImageContent content = records.read(Arrived.of(record)).content();
      if (content instanceof ImageContent.Samples samples) {
        return Optional.of(shrunk(samples.pixels(decoder), side));
      }
      if (content instanceof ImageContent.File file) {
        ImageHeader header = decoder.header(file.bytes());
        InputSpec least = spec(header.width(), header.height(), header.channels(), side);
        return Optional.of(shrunk(decoder.decode(file.bytes(), header, least), side));
      }
      return Optional.empty();
    } catch (RecordRefusedException | ImageRejectedException | RegistryUnavailableException e) {
      return Optional.empty();
    }
  }

  private static Pixels shrunk(Pixels pixels, int side) {
    InputSpec spec = spec(pixels.width(), pixels.height(), pixels.channels(), side);
    return new Pixels(spec.width(), spec.height(), spec.channels(), Resize.to(spec, pixels));
  }

  /** Never larger than it is: a browser enlarges without a loss. */
  private static InputSpec spec(int width, int height, int channels, int side) {
    double scale = Math.min(1, (double) side / Math.max(width, height));
    List<Float> half = Collections.nCopies(channels, 0.5f);
    return new InputSpec(
        Math.max(1, (int) Math.round(scale * height)),
        Math.max(1, (int) Math.round(scale * width)),
        channels,
        half,
        half);
  }

  private static byte[] encode(Pixels pixels) {
    boolean grey = pixels.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            pixels.width(),
            pixels.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    int[] samples = new int[pixels.samples().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = pixels.samples()[i] & 255;
    }
    image.getRaster().setPixels(0, 0, pixels.width(), pixels.height(), samples);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  @Override
  public synchronized void close() {
    consumer.ifPresent(Consumer::close);
    consumer = Optional.empty();
  }
}
