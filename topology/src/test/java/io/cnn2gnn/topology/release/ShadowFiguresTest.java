package io.cnn2gnn.topology.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What speaks against a candidate, by the promotion rule. */
class ShadowFiguresTest {
  private static final long MILLI = 1_000_000;
  private static final ShadowConfig RULE = new ShadowConfig(2, Promotion.RULE, 0.8, 1.5);

  private final ShadowFigures figures = new ShadowFigures();

  private static Answer answer(String label) {
    return new Answer(
        label, 0.5f, List.of(), List.of(), 0, new BankRow("image", label, false, new float[0]));
  }

  /** A batch of images of one label, which each model answers in its own way. */
  private void add(
      int images,
      Optional<String> label,
      String active,
      long activeNanos,
      String candidate,
      long candidateNanos) {
    figures.add(
        Collections.nCopies(images, new Query("image", new byte[0], label)),
        Collections.nCopies(images, answer(active)),
        activeNanos,
        Collections.nCopies(images, answer(candidate)),
        candidateNanos);
  }

  private Optional<String> objection() {
    return figures.objection(RULE);
  }

  @Test
  void aCandidateThatTakesTooLongIsRefusedAlthoughItAgreesAndIsRight() {
    add(150, Optional.of("ant"), "ant", 10 * MILLI, "ant", 16 * MILLI);
    assertThat(objection())
        .contains("it takes 1.60 times as long as the active model, 1.50 are allowed");
  }

  @Test
  void theSlowdownThatIsAllowedMayBeReached() {
    add(150, Optional.of("ant"), "ant", 10 * MILLI, "ant", 15 * MILLI);
    assertThat(objection()).isEmpty();
    add(1, Optional.of("ant"), "ant", 0, "ant", 1);
    assertThat(objection()).isPresent();
  }

  @Test
  void theSlowdownIsOfAllBatchesTogether() {
    add(50, Optional.empty(), "ant", MILLI, "ant", 3 * MILLI);
    assertThat(objection()).isPresent();
    add(50, Optional.empty(), "ant", 3 * MILLI, "ant", 3 * MILLI);
    assertThat(objection()).isEmpty();
  }

  @Test
  void fromAHundredLabelledImagesOnRightAnswersDecideAndNotAgreement() {
    add(99, Optional.of("bee"), "ant", MILLI, "bee", MILLI);
    assertThat(objection())
        .contains("it agrees with the active model on 0.0 % of 99 images, 80.0 % are required");
    add(1, Optional.of("bee"), "ant", MILLI, "bee", MILLI);
    assertThat(objection()).isEmpty();
  }

  @Test
  void aCandidateIsToBeRightAsOftenAsTheActiveModel() {
    add(60, Optional.of("bee"), "ant", MILLI, "bee", MILLI);
    add(60, Optional.of("ant"), "ant", MILLI, "bee", MILLI);
    assertThat(objection()).isEmpty();
    add(1, Optional.of("ant"), "ant", MILLI, "bee", MILLI);
    assertThat(objection())
        .contains("it is right on 60 of 121 labelled images, the active model on 61");
  }

  @Test
  void theAgreementThatIsRequiredMayBeReached() {
    add(80, Optional.empty(), "ant", MILLI, "ant", MILLI);
    add(20, Optional.empty(), "ant", MILLI, "bee", MILLI);
    assertThat(objection()).isEmpty();
    add(1, Optional.empty(), "ant", MILLI, "bee", MILLI);
    assertThat(objection()).hasValueSatisfying(why -> assertThat(why).contains("79.2 % of 101"));
  }
}
