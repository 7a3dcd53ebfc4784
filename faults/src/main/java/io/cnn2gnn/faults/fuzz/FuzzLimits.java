package io.cnn2gnn.faults.fuzz;

import java.time.Duration;

/**
 * What an answer may cost.
 *
 * @param answer processor time for one input; time by the clock would blame the decoder for what
 *     else the machine does
 * @param patience time by the clock after which an input is given up
 * @param allocation bytes allocated for one input
 * @param heapGrowth bytes by which the heap may grow between a tenth of the inputs and the last
 */
public record FuzzLimits(Duration answer, Duration patience, long allocation, long heapGrowth) {
  /**
   * 2 s, 20 s, 640 MiB and 32 MiB. The JDK's reader makes 36 bytes of garbage for a pixel of a
   * progressive JPEG, and holds a third of that at a time.
   */
  public static FuzzLimits standard() {
    return new FuzzLimits(Duration.ofSeconds(2), Duration.ofSeconds(20), 640L << 20, 32L << 20);
  }
}
