package io.cnn2gnn.topology.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.bank.BankScan.Found;
import io.cnn2gnn.topology.flow.Nodes;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankScanTest {
  @TempDir private Path folder;
  private KeyValueStore<Integer, byte[]> ring;

  @BeforeEach
  void open() {
    ring = TestStores.open(TestStores.context(0, folder), Nodes.BANK_STORE, Serdes.Integer());
  }

  @Test
  void tellsARowsSlotAndHowManyCameSince() {
    for (int i = 0; i < 11; i++) {
      TestRows.put(ring, 8, i, "image-" + i);
    }
    assertThat(BankScan.find(ring, 8, "image-9"))
        .containsExactly(new Found("ant", true, "space", 1, 9, 1));
    assertThat(BankScan.find(ring, 8, "image-2")).as("its slot was taken").isEmpty();
  }

  @Test
  void anImageThatWasSentTwiceHasTwoRows() {
    TestRows.put(ring, 8, 3, "twice");
    TestRows.put(ring, 8, 6, "twice");
    assertThat(BankScan.find(ring, 8, "twice")).extracting(Found::sequence).containsExactly(3L, 6L);
  }

  @Test
  void anIdIsComparedWhole() {
    TestRows.put(ring, 8, 0, "image-10");
    TestRows.put(ring, 8, 1, "bild-ü\0");
    assertThat(BankScan.find(ring, 8, "image-1")).isEmpty();
    assertThat(BankScan.find(ring, 8, "image-100")).isEmpty();
    assertThat(BankScan.find(ring, 8, "bild-ü\0")).hasSize(1);
  }

  @Test
  void passesOverADamagedRow() {
    TestRows.put(ring, 8, 0, "damaged");
    TestRows.put(ring, 8, 1, "whole");
    ring.put(0, Arrays.copyOf(ring.get(0), 12));
    assertThat(BankScan.find(ring, 8, "damaged")).isEmpty();
    assertThat(BankScan.find(ring, 8, "whole")).hasSize(1);
    ring.put(0, new byte[] {2, 0});
    assertThat(BankScan.find(ring, 8, "whole")).hasSize(1);
  }
}
