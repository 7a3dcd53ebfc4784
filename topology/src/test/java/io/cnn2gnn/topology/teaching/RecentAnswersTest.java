package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.inference.Answer.Labels;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentAnswersTest {
  @TempDir private Path folder;
  private KeyValueStore<Integer, byte[]> ring;

  @BeforeEach
  void open() {
    ring = TestStores.open(TestStores.context(0, folder), Nodes.RECENT_STORE, Serdes.Integer());
  }

  private static void add(RecentAnswers answers, String image, long offset, Decision by) {
    Query query = new Query(image, new byte[0], Optional.empty(), image, "source");
    Source source =
        new Source("images", 0, offset, 0, Optional.empty(), Optional.empty(), new RecordHeaders());
    InputSpec input = new InputSpec(8, 8, 1, List.of(0f), List.of(1f));
    BankRow row = new BankRow(image, "x", false, new float[] {offset, 2, 3}, image, "source");
    answers.add(
        new DecodedImage(source, Instant.EPOCH, query, input),
        new Answer(
            "x", 1, List.of(), List.of(), 0, row, new Labels(by, 0, new Score("x", 1)), List.of()),
        "m:1",
        "space",
        2);
  }

  private static void add(RecentAnswers answers, int from, int to) {
    for (int i = from; i < to; i++) {
      add(answers, "image-" + i, i, Decision.STUDENT);
    }
    answers.flush();
  }

  @Test
  void anAnswerIsFoundUntilNewerOnesTakeItsPlace() {
    RecentAnswers answers = new RecentAnswers(100, ring);
    for (int i = 0; i < 1000; i += 10) {
      add(answers, i, i + 10);
      for (int j = Math.max(0, i - 90); j < i + 10; j++) {
        assertThat(answers.find("image-" + j).orElseThrow().offset()).isEqualTo(j);
      }
    }
    assertThat(answers.find("image-0")).isEmpty();
    assertThat(answers.find("image-999").orElseThrow().metric()).containsExactly(999, 2);
    assertThat(answers.lastOffset()).isEqualTo(999);
    assertThat(ring.approximateNumEntries()).isEqualTo(3);
  }

  @Test
  void aRestartFindsTheSameAndGoesOn() {
    RecentAnswers answers = new RecentAnswers(200, ring);
    add(answers, 0, 150);
    for (int restart = 0; restart < 2; restart++) {
      answers = new RecentAnswers(200, ring);
      add(answers, 150 + restart, 151 + restart);
    }
    RecentAnswers last = new RecentAnswers(200, ring);
    assertThat(last.find("image-149")).isPresent();
    assertThat(last.find("image-151")).isPresent();
    assertThat(last.lastOffset()).isEqualTo(151);
  }

  @Test
  void anImageThatCameTwiceIsFoundAsItCameLastAlsoAfterARestart() {
    RecentAnswers answers = new RecentAnswers(3, ring);
    add(answers, "a", 1, Decision.STUDENT);
    add(answers, "a", 2, Decision.LABEL);
    answers.flush();
    for (RecentAnswers each : List.of(answers, new RecentAnswers(3, ring))) {
      assertThat(each.find("a").orElseThrow().offset()).isEqualTo(2);
      assertThat(each.find("a").orElseThrow().counts()).isFalse();
      assertThat(each.lastOffset()).isEqualTo(2);
    }
  }

  @Test
  void theOlderOfTwoLeavesWithoutTheNewerOne() {
    RecentAnswers answers = new RecentAnswers(RecentAnswers.CHUNK, ring);
    add(answers, "a", 1, Decision.STUDENT);
    add(answers, 2, 65);
    add(answers, "a", 65, Decision.STUDENT);
    add(answers, 66, 140);
    assertThat(answers.find("image-2")).isEmpty();
    assertThat(answers.find("a").orElseThrow().offset()).isEqualTo(65);
  }

  @Test
  void aRestartWithASmallerRingStillFindsWhatIsNew() {
    add(new RecentAnswers(1000, ring), 0, 1000);
    RecentAnswers smaller = new RecentAnswers(64, ring);
    add(smaller, 1000, 1100);
    assertThat(smaller.find("image-1099")).isPresent();
    assertThat(smaller.find("image-1036")).isPresent();
  }

  @Test
  void anAnswerThatWasJudgedCountsNoLongerThoughItsChunkGrows() {
    RecentAnswers answers = new RecentAnswers(3, ring);
    add(answers, "a", 1, Decision.STUDENT);
    answers.flush();
    answers.counted(answers.find("a").orElseThrow());
    add(answers, 2, 9);
    assertThat(answers.find("a").orElseThrow().counts()).isFalse();
    assertThat(new RecentAnswers(3, ring).find("a").orElseThrow().counts()).isFalse();
    assertThat(answers.find("image-8").orElseThrow().counts()).isTrue();
  }

  @Test
  void aDamagedChunkIsPassedOver() {
    add(new RecentAnswers(200, ring), 0, 128);
    byte[] chunk = ring.get(0);
    for (int length : new int[] {1, 3, 100, chunk.length - 1}) {
      ring.put(0, Arrays.copyOf(chunk, length));
      RecentAnswers answers = new RecentAnswers(200, ring);
      assertThat(answers.find("image-0")).isEmpty();
      assertThat(answers.find("image-100")).isPresent();
    }
  }

  @Test
  void withoutCapacityNothingIsRemembered() {
    RecentAnswers answers = new RecentAnswers(0, ring);
    add(answers, 0, 3);
    assertThat(answers.find("image-2")).isEmpty();
    assertThat(answers.lastOffset()).isEqualTo(2);
    assertThat(ring.approximateNumEntries()).isZero();
  }
}
