package io.cnn2gnn.topology.decode;

import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.image.ImageHeader;
import java.time.Duration;

/**
 * What images may cost.
 *
 * @param maxPixels of one, width x height
 * @param cost of a processor, of one
 * @param large what large ones that are decoded at a time may hold
 * @param small what others may, which must not wait for the large ones
 * @param files what all that were fetched may hold until they are decoded
 */
public record ImageLimits(
    long maxPixels, DecodeCost cost, MemoryBudget large, MemoryBudget small, MemoryBudget files) {
  /** A stream thread that helps with one is away from its other partitions for about so long. */
  private static final double LIGHT_NANOS = 50e6;

  /** What one that was taken for such a picture may cost before it is given up. */
  public static final Duration DEAREST_LIGHT =
      Duration.ofNanos((long) (DecodeCost.FLOOR_NANOS + DecodeCost.MOST_TIMES * LIGHT_NANOS));

  private static final double LARGE_SHARE = 0.3;
  private static final double SMALL_SHARE = 0.1;
  private static final double FILES_SHARE = 0.1;

  /** Of what light ones may hold together: one alone must not keep the others out. */
  private static final double LARGEST_LIGHT = 0.25;

  /** For records that somebody trusts, such as a benchmark's. */
  public static ImageLimits trusting(long maxPixels) {
    MemoryBudget all = new MemoryBudget(Long.MAX_VALUE);
    return new ImageLimits(maxPixels, DecodeCost.unbounded(DecoderChoice.AUTO), all, all, all);
  }

  /**
   * Those of a configuration on this heap: pictures that alone would take more than their share of
   * it are not decoded.
   */
  public static ImageLimits of(long maxPixels, DecodeCost cost, long heapBytes) {
    MemoryBudget large = new MemoryBudget((long) (LARGE_SHARE * heapBytes));
    long fitting = large.bytes() / ImageHeader.MOST_BYTES_PER_PIXEL;
    return new ImageLimits(
        Math.min(maxPixels, fitting),
        cost,
        large,
        new MemoryBudget((long) (SMALL_SHARE * heapBytes)),
        new MemoryBudget((long) (FILES_SHARE * heapBytes)));
  }

  /** The heap that has room for pictures of so many pixels. */
  public static long heapFor(long maxPixels) {
    return (long) Math.ceil(maxPixels * ImageHeader.MOST_BYTES_PER_PIXEL / LARGE_SHARE);
  }

  MemoryBudget budget(Work work) {
    return switch (work) {
      case LIGHT -> small;
      case HEAVY -> large;
      case REMOTE -> files;
    };
  }

  /**
   * What decoding a file is.
   *
   * @param quick whether the native library does it
   */
  Work work(ImageHeader header, boolean quick) {
    boolean light =
        cost.ordinaryNanos(header, quick) <= LIGHT_NANOS
            && header.memoryBytes() <= LARGEST_LIGHT * small.bytes();
    return light ? Work.LIGHT : Work.HEAVY;
  }
}
