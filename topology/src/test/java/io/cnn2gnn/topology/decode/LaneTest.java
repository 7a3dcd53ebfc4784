package io.cnn2gnn.topology.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<String> done = new CopyOnWriteArrayList<>();

  private void hold() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPartitionThatBringsMuchLeavesAThreadToTheOthers() throws Exception {
    try (Lane lane = new Lane("test", 2, 1)) {
      for (int i = 0; i < 50; i++) {
        lane.submit(0, this::hold);
      }
      CountDownLatch other = new CountDownLatch(1);
      lane.submit(1, other::countDown);
      assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
      released.countDown();
    }
  }

  @Test
  void partitionsTakeTurns() throws Exception {
    try (Lane lane = new Lane("test", 1, 1)) {
      CountDownLatch last = new CountDownLatch(1);
      lane.submit(9, this::hold);
      for (int i = 0; i < 3; i++) {
        lane.submit(0, () -> done.add("a"));
      }
      lane.submit(1, () -> done.add("b"));
      lane.submit(2, () -> done.add("c"));
      lane.submit(0, last::countDown);
      released.countDown();
      assertThat(last.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(done).containsExactly("a", "b", "c", "a", "a");
    }
  }

  @Test
  void workThatFailsDoesNotStopTheRest() throws Exception {
    try (Lane lane = new Lane("test", 1, 1)) {
      CountDownLatch last = new CountDownLatch(1);
      lane.submit(
          0,
          () -> {
            throw new IllegalStateException("of the test");
          });
      lane.submit(0, last::countDown);
      assertThat(last.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
