package io.cnn2gnn.topology.batching;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.DecodedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The images of one partition that are on their way, in the order of their offsets, and when the
 * next batch of them is due.
 *
 * <p>A batch is made of the first images, and each of them has to be decoded. One that takes its
 * time does not hold up those before it: when they are due they go without it.
 */
final class OpenImages {
  /** How much longer a due batch waits for images that are decoded at this moment. */
  private static final long LONGEST_LATENESS_NANOS = Duration.ofMillis(100).toNanos();

  private record Held(Pending pending, long arrivedAt) {
    long bytes() {
      return pending.input().bytes() + (long) pending.source().value().map(v -> v.length).orElse(0);
    }
  }

  private final BatchConfig config;
  private final List<Held> held = new ArrayList<>();

  /** Images at the beginning that are decoded and accepted. */
  private int ready;

  private long bytes;

  OpenImages(BatchConfig config) {
    this.config = config;
  }

  void add(Pending pending, long now) {
    Held added = new Held(pending, now);
    held.add(added);
    bytes += added.bytes();
  }

  int size() {
    return held.size();
  }

  long bytes() {
    return bytes;
  }

  int ready() {
    return ready;
  }

  Pending get(int i) {
    return held.get(i).pending();
  }

  List<Long> offsets() {
    return held.stream().map(h -> h.pending().source().offset()).toList();
  }

  /**
   * Takes out the first image that is refused, once all before it are decoded: dead letters keep
   * the order of records.
   */
  Optional<Pending> nextRefused() {
    for (; ready < held.size() && get(ready).isDone(); ready++) {
      if (get(ready).isRefused()) {
        return Optional.of(remove(ready));
      }
    }
    return Optional.empty();
  }

  private Pending remove(int i) {
    Held removed = held.remove(i);
    bytes -= removed.bytes();
    return removed.pending();
  }

  /** Why the next batch should be closed now, if it should. */
  Optional<Closing> due(long now, boolean drains) {
    if (held.isEmpty()) {
      return Optional.empty();
    }
    if (held.size() >= config.maxImages()) {
      return Optional.of(Closing.COUNT);
    }
    if (bytes >= config.maxBytes()) {
      return Optional.of(Closing.BYTES);
    }
    if (drains) {
      return Optional.of(Closing.DRAIN);
    }
    return waited(now) >= config.maxWait().toNanos() ? Optional.of(Closing.TIME) : Optional.empty();
  }

  /** How long the first image has been here. */
  long waited(long now) {
    return now - held.get(0).arrivedAt();
  }

  /** Images of the next batch, if all of them are decoded. */
  int wanted() {
    long sum = 0;
    int wanted = 0;
    while (wanted < Math.min(held.size(), config.maxImages()) && sum < config.maxBytes()) {
      sum += held.get(wanted).bytes();
      wanted++;
    }
    return wanted;
  }

  /** Whether a due batch should go with the images that are ready, though others are wanted. */
  boolean goesWithoutTheRest(long now, boolean drains) {
    long late = waited(now) - config.maxWait().toNanos();
    return late >= LONGEST_LATENESS_NANOS || ((late >= 0 || drains) && !get(ready).isSoonDone());
  }

  /**
   * Begins anew with each of the first images whose samples are of another size.
   *
   * @return whether there was one
   */
  boolean refit(int images, InputSpec input, UnaryOperator<Pending> again) {
    int first = ready;
    for (int i = images - 1; i >= 0; i--) {
      if (!image(get(i)).fits(input)) {
        Held before = held.get(i);
        Held after = new Held(again.apply(before.pending()), before.arrivedAt());
        held.set(i, after);
        bytes += after.bytes() - before.bytes();
        first = i;
      }
    }
    boolean changed = first < ready;
    ready = first;
    return changed;
  }

  private static DecodedImage image(Pending pending) {
    return ((Decoding.Accepted) pending.get()).image();
  }

  /** Takes out the first images, which are ready. */
  List<DecodedImage> take(int images) {
    List<DecodedImage> taken = new ArrayList<>(images);
    for (Held first : held.subList(0, images)) {
      taken.add(image(first.pending()));
      bytes -= first.bytes();
    }
    held.subList(0, images).clear();
    ready -= images;
    return taken;
  }

  void clear() {
    held.forEach(h -> h.pending().cancel());
    held.clear();
    ready = 0;
    bytes = 0;
  }
}
