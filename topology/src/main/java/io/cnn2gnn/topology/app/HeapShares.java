package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.topology.decode.ImageLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the heap is shared out, so that nothing a writer sends can fill it: what is decoded, what was
 * fetched, what a poll brings, and what waits for its batch. A quarter is left for the rest.
 */
record HeapShares(long heap) {
  private static final Logger LOG = LoggerFactory.getLogger(HeapShares.class);
  private static final double POLL = 0.1;
  private static final double WAITING = 0.2;
  private static final double MIB = 1 << 20;

  /** What a thread takes up at a time: others of its partitions wait meanwhile. */
  private static final long MOST_POLL = 16 << 20;

  static HeapShares ofThisHeap() {
    return new HeapShares(Runtime.getRuntime().maxMemory());
  }

  /** Bytes of all records that one poll of one stream thread may bring. */
  long pollBytes(int streamThreads) {
    return Math.min(MOST_POLL, (long) (POLL * heap / streamThreads));
  }

  /** Bytes of all records that wait for their batches. */
  long waitingBytes() {
    return (long) (WAITING * heap);
  }

  /** Says what pictures it has room for. */
  ImageLimits images(long maxPixels, DecodeCost cost) {
    ImageLimits limits = ImageLimits.of(maxPixels, cost, heap);
    LOG.info(
        "heap of {} MiB: pictures being decoded hold up to {} MiB, files that were fetched {},"
            + " records of a poll {}, records on their way {}",
        mib(heap),
        mib(limits.large().bytes() + limits.small().bytes()),
        mib(limits.files().bytes()),
        mib(pollBytes(1)),
        mib(waitingBytes()));
    if (limits.maxPixels() < maxPixels) {
      LOG.warn(
          "pictures of more than {} pixels are refused, though {} allows {}: this heap has no room"
              + " for them, give it {} MiB (-Xmx)",
          limits.maxPixels(),
          ConfigKey.IMAGE_MAX_PIXELS.key(),
          maxPixels,
          mib(ImageLimits.heapFor(maxPixels)));
    }
    return limits;
  }

  private static long mib(long bytes) {
    return Math.round(bytes / MIB);
  }
}
