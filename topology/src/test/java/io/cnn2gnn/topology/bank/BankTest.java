package io.cnn2gnn.topology.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.bank.BankConfig.Admission;
import io.cnn2gnn.topology.flow.Nodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ring through the lives of a service, on a store that outlives them. */
class BankTest {
  @TempDir private Path folder;
  private StudentModel model;
  private StudentModel successor;
  private KeyValueStore<Integer, byte[]> ring;
  private int made;

  @BeforeEach
  void open() throws Exception {
    model = StudentModel.open(TestModels.untrained(1), Torch.device("cpu"), Candidates.BOTH);
    successor = StudentModel.open(TestModels.untrained(2), Torch.device("cpu"), Candidates.BOTH);
    ring = TestStores.open(TestStores.context(0, folder), Nodes.BANK_STORE, Serdes.Integer());
  }

  @AfterEach
  void close() {
    model.close();
    successor.close();
  }

  private Bank bank(StudentModel of, int capacity) {
    return Bank.open(new BankConfig(capacity, Admission.ALL, 0), of, ring);
  }

  private void admit(Bank bank, StudentModel of, int images) {
    byte[] noise = TestModels.noise(images, made);
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      byte[] pixels = Arrays.copyOfRange(noise, i * 64, (i + 1) * 64);
      queries.add(new Query("image-" + made++, pixels, Optional.empty()));
    }
    bank.admit(queries, of.classify(queries, bank.matrix()));
  }

  /** The recent images that a bank can name as neighbours. */
  private static Set<String> known(Bank bank, StudentModel of) {
    Set<String> ids = new TreeSet<>();
    byte[] noise = TestModels.noise(400, 99);
    for (int i = 0; i < 400; i++) {
      byte[] pixels = Arrays.copyOfRange(noise, i * 64, (i + 1) * 64);
      Query query = new Query("probe", pixels, Optional.empty());
      of.classify(List.of(query), bank.matrix()).get(0).neighbours().stream()
          .filter(n -> n.origin() == Answer.Origin.BANK)
          .forEach(n -> ids.add(n.imageId()));
    }
    return ids;
  }

  private static List<String> images(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "image-" + i).toList();
  }

  private int stored() {
    int rows = 0;
    try (var all = ring.all()) {
      while (all.hasNext()) {
        all.next();
        rows++;
      }
    }
    return rows;
  }

  @Test
  void isTheSameAfterARestart() {
    try (Bank before = bank(model, 8)) {
      admit(before, model, 11);
      assertThat(before.matrix().size()).isEqualTo(12 + 8);
      try (Bank after = bank(model, 8)) {
        assertThat(after.epoch()).isEqualTo(11);
        assertThat(known(after, model)).isEqualTo(known(before, model)).isSubsetOf(images(3, 11));
      }
    }
  }

  @Test
  void aSmallerRingKeepsTheLatestRowsAndDropsTheRest() {
    try (Bank large = bank(model, 8)) {
      admit(large, model, 11);
    }
    try (Bank small = bank(model, 4)) {
      assertThat(known(small, model)).isSubsetOf(images(7, 11));
      admit(small, model, 1);
      assertThat(stored()).isEqualTo(4);
      try (Bank again = bank(model, 4)) {
        assertThat(again.epoch()).isEqualTo(12);
        assertThat(known(again, model)).isEqualTo(known(small, model)).isSubsetOf(images(8, 12));
      }
    }
  }

  @Test
  void aLargerRingLosesNoRowAndAfterARestartHoldsWhatItHeld() {
    try (Bank small = bank(model, 4)) {
      admit(small, model, 6);
    }
    try (Bank large = bank(model, 8)) {
      assertThat(large.matrix().size()).isEqualTo(12 + 4);
      admit(large, model, 3);
      assertThat(stored()).isEqualTo(7);
      try (Bank again = bank(model, 8)) {
        assertThat(again.matrix().size()).isEqualTo(12 + 7);
        assertThat(known(again, model)).isEqualTo(known(large, model)).isSubsetOf(images(2, 9));
      }
    }
  }

  @Test
  void rowsOfAnotherSpaceAreOutOfReachAtOnceAndThoseOfTheLastStayForARollback() {
    try (Bank bank = bank(model, 8)) {
      admit(bank, model, 8);
      bank.changeTo(successor);
      assertThat(bank.matrix().size()).isEqualTo(12);
      assertThat(bank.epoch()).isEqualTo(8);
      admit(bank, successor, 3);
      assertThat(known(bank, successor)).isSubsetOf(images(8, 11)).isNotEmpty();
      bank.changeTo(model);
      assertThat(bank.matrix().size()).isEqualTo(12 + 5);
      assertThat(known(bank, model)).isSubsetOf(images(3, 8)).isNotEmpty();
      assertThat(bank.epoch()).isEqualTo(11);
    }
  }

  @Test
  void aRestartKeepsTheRowsOfTheSpaceBefore() {
    try (Bank before = bank(model, 8)) {
      admit(before, model, 4);
      before.changeTo(successor);
      admit(before, successor, 1);
    }
    try (Bank after = bank(successor, 8)) {
      admit(after, successor, 1);
      assertThat(stored()).isEqualTo(6);
      after.changeTo(model);
      assertThat(known(after, model)).isSubsetOf(images(0, 4)).isNotEmpty();
    }
  }

  @Test
  void rowsOfOlderSpacesAreEvictedInSlices() throws Exception {
    int capacity = 4 * Bank.SLICE;
    try (StudentModel third =
            StudentModel.open(TestModels.untrained(3), Torch.device("cpu"), Candidates.BOTH);
        Bank bank = bank(model, capacity)) {
      admit(bank, model, capacity);
      bank.changeTo(successor);
      admit(bank, successor, 1);
      assertThat(stored()).isEqualTo(capacity);
      bank.changeTo(third);
      for (int batch = 1; batch <= 3; batch++) {
        admit(bank, third, 1);
        assertThat(stored())
            .isBetween(capacity - batch * Bank.SLICE, capacity - batch * Bank.SLICE + batch + 1);
      }
      admit(bank, third, 1);
      assertThat(stored()).isEqualTo(1 + 4);
      assertThat(known(bank, third)).isSubsetOf(images(capacity + 1, capacity + 5)).isNotEmpty();
    }
  }

  @Test
  void aDamagedRowIsDroppedAndStopsNothing() {
    try (Bank before = bank(model, 8)) {
      admit(before, model, 3);
    }
    byte[] damaged = ring.get(1);
    ring.put(1, Arrays.copyOf(damaged, damaged.length - 3));
    try (Bank after = bank(model, 8)) {
      assertThat(after.matrix().size()).isEqualTo(12 + 2);
      admit(after, model, 1);
      assertThat(stored()).isEqualTo(3);
    }
  }

  @Test
  void aRowThatOverflowedIsNotLetIn() {
    try (Bank bank = bank(model, 8)) {
      Query query = new Query("image", TestModels.noise(1, 5), Optional.empty());
      Answer answer = model.classify(List.of(query), bank.matrix()).get(0);
      float[] values = answer.row().values().clone();
      values[3] = Float.POSITIVE_INFINITY;
      BankRow row = new BankRow("image", "x", false, values);
      bank.admit(
          List.of(query),
          List.of(
              new Answer(
                  answer.label(),
                  answer.confidence(),
                  answer.scores(),
                  answer.neighbours(),
                  answer.distance(),
                  row)));
      assertThat(stored()).isZero();
      assertThat(bank.matrix().size()).isEqualTo(12);
    }
  }

  @Test
  void withoutCapacityOnlyThePrototypesAnswer() {
    try (Bank before = bank(model, 8)) {
      admit(before, model, 3);
    }
    try (Bank none = bank(model, 0)) {
      assertThat(none.matrix().size()).isEqualTo(12);
      admit(none, model, 2);
      assertThat(stored()).isZero();
    }
  }
}
