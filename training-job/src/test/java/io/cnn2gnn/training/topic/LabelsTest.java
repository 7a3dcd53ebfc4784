package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecord.Kind;
import io.cnn2gnn.training.topic.Labels.Label;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private static final ImageName NAME = FakeTopic.name("one");

  private record Sent(LabelRecord record, Arrival arrival) {}

  private static Sent says(String by, String label, Kind kind, long time, int at, long offset) {
    return new Sent(
        new LabelRecord("one", Optional.of(label), by, Instant.EPOCH, kind, Optional.empty()),
        new Arrival(time, at, offset));
  }

  private static Sent says(String by, String label, long time) {
    return says(by, label, Kind.TRUTH, time, 0, time);
  }

  private static Sent takesBack(String by, long time) {
    return new Sent(
        new LabelRecord("one", Optional.empty(), by, Instant.EPOCH, Kind.TRUTH, Optional.empty()),
        new Arrival(time, 0, time));
  }

  /** In this order and in the opposite one, which must be the same. */
  private static Optional<String> inForce(Sent... sent) {
    List<Sent> all = new ArrayList<>(List.of(sent));
    Optional<Label> forth = read(all);
    Collections.reverse(all);
    assertThat(read(all)).isEqualTo(forth);
    return forth.map(Label::name);
  }

  private static Optional<Label> read(List<Sent> all) {
    Labels labels = new Labels();
    all.forEach(one -> labels.add(NAME, one.record(), one.arrival()));
    assertThat(labels.size()).isEqualTo(labels.of(NAME).isPresent() ? 1 : 0);
    return labels.of(NAME);
  }

  @Test
  void theLastLabelIsInForceByTimeThenPartitionThenOffset() {
    assertThat(inForce(says("ann", "cat", 5), says("bob", "dog", 4))).hasValue("cat");
    assertThat(
            inForce(
                says("ann", "cat", Kind.TRUTH, 5, 0, 9), says("ann", "dog", Kind.TRUTH, 5, 1, 2)))
        .hasValue("dog");
    assertThat(
            inForce(
                says("ann", "cat", Kind.TRUTH, 5, 1, 3), says("ann", "dog", Kind.TRUTH, 5, 1, 2)))
        .hasValue("cat");
  }

  @Test
  void whoSaidTheLabelInForceTakesItBack() {
    assertThat(inForce(says("ann", "cat", 1), takesBack("ann", 2))).isEmpty();
    assertThat(inForce(says("ann", "cat", 1), takesBack("ann", 2), says("ann", "dog", 3)))
        .hasValue("dog");
    assertThat(inForce(says("ann", "cat", 1), takesBack("ann", 2), says("bob", "dog", 3)))
        .hasValue("dog");
    assertThat(inForce(takesBack("ann", 1), says("ann", "cat", 2))).hasValue("cat");
  }

  @Test
  void whatAnotherOneTakesBackChangesNothing() {
    assertThat(inForce(says("ann", "cat", 1), takesBack("bob", 2))).hasValue("cat");
    assertThat(inForce(says("ann", "cat", 1), says("bob", "dog", 2), takesBack("ann", 3)))
        .hasValue("dog");
  }

  @Test
  void whatWasSaidBeforeTheLabelThatIsTakenBackDoesNotReturn() {
    assertThat(inForce(says("ann", "cat", 1), says("bob", "dog", 2), takesBack("bob", 3)))
        .isEmpty();
  }

  @Test
  void theKindIsThatOfTheLabelInForce() {
    Sent truth = says("ann", "cat", Kind.TRUTH, 1, 0, 1);
    Sent correction = says("ann", "cat", Kind.CORRECTION, 2, 0, 2);
    assertThat(read(List.of(truth, correction))).hasValue(new Label("cat", true));
    assertThat(read(List.of(correction, says("bob", "cat", 3)))).hasValue(new Label("cat", false));
  }

  @Test
  void ofAnImageThatNobodyLabelledNothingIsSaid() {
    Labels labels = new Labels();
    labels.add(NAME, says("ann", "cat", 1).record(), new Arrival(1, 0, 1));
    assertThat(labels.of(new ImageName(Optional.empty(), "one"))).isEmpty();
    assertThat(labels.of(FakeTopic.name("two"))).isEmpty();
  }
}
