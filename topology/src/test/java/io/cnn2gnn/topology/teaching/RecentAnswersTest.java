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
    BankRow row = new BankRow(image, "x", false, new float[] {offset, 2, 3}, image);
    answers.add(
        new DecodedImage(source, Instant.EPOCH, query, input),
        new Answer("x", 1, List.of(), List.of(), 0, row, new Labels(by, 0, new Score("x", 1))),
        "m:1",
        "space",
        2);
  }

  @Test
  void anAnswerIsFoundUntilNewerOnesTakeItsPlace() {
    RecentAnswers answers = new RecentAnswers(3, ring);
    for (int i = 0; i < 4; i++) {
      add(answers, "image-" + i, 10 + i, Decision.STUDENT);
    }
    assertThat(answers.find("image-0")).isEmpty();
    assertThat(answers.find("image-1").orElseThrow().offset()).isEqualTo(11);
    assertThat(answers.find("image-3").orElseThrow().metric()).containsExactly(13, 2);
    assertThat(answers.lastOffset()).isEqualTo(13);
  }

  @Test
  void anImageThatCameTwiceIsFoundAsItCameLastAlsoAfterARestart() {
    RecentAnswers answers = new RecentAnswers(3, ring);
    add(answers, "a", 1, Decision.STUDENT);
    add(answers, "a", 2, Decision.LABEL);
    for (RecentAnswers each : List.of(answers, new RecentAnswers(3, ring))) {
      assertThat(each.find("a").orElseThrow().offset()).isEqualTo(2);
      assertThat(each.find("a").orElseThrow().counts()).isFalse();
      assertThat(each.lastOffset()).isEqualTo(2);
    }
  }

  @Test
  void theOlderOfTwoLeavesWithoutTheNewerOne() {
    RecentAnswers answers = new RecentAnswers(2, ring);
    add(answers, "a", 1, Decision.STUDENT);
    add(answers, "a", 2, Decision.STUDENT);
    add(answers, "b", 3, Decision.STUDENT);
    assertThat(answers.find("a").orElseThrow().offset()).isEqualTo(2);
  }

  @Test
  void aRestartWithASmallerRingStillFindsWhatItHolds() {
    RecentAnswers answers = new RecentAnswers(4, ring);
    for (int i = 0; i < 4; i++) {
      add(answers, "image-" + i, i, Decision.STUDENT);
    }
    RecentAnswers smaller = new RecentAnswers(2, ring);
    add(smaller, "new", 9, Decision.STUDENT);
    assertThat(smaller.find("new")).isPresent();
    assertThat(smaller.find("image-3")).isPresent();
    assertThat(smaller.find("image-0")).isEmpty();
  }

  @Test
  void anAnswerThatWasJudgedCountsNoLonger() {
    RecentAnswers answers = new RecentAnswers(3, ring);
    add(answers, "a", 1, Decision.STUDENT);
    answers.counted(answers.find("a").orElseThrow());
    assertThat(new RecentAnswers(3, ring).find("a").orElseThrow().counts()).isFalse();
  }
}
