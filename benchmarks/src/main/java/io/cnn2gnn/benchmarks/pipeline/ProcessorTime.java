package io.cnn2gnn.benchmarks.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What this process, and those that it has started, a broker among them, have had of the
 * processors, user and system. A busy neighbour hardly changes it, where it doubles the time on the
 * clock.
 *
 * @param own nanoseconds of this process
 * @param children nanoseconds of its children that live, in hundredths of a second
 */
record ProcessorTime(long own, long children) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static ProcessorTime now() {
    return new ProcessorTime(
        SYSTEM.getProcessCpuTime(),
        ProcessHandle.current()
            .children()
            .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
            .mapToLong(Duration::toNanos)
            .sum());
  }

  ProcessorTime since(ProcessorTime before) {
    return new ProcessorTime(own - before.own, children - before.children);
  }
}
