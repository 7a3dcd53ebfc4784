package io.cnn2gnn.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.schemas.avro.LabelledImage;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TeachingTopologyTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private Prediction answer(String source, String id) throws Exception {
    return answer(source, id, id.hashCode());
  }

  private Prediction answer(String source, String id, long picture) throws Exception {
    rig.send(source, rig.image(id, ImageFormat.PNG, Rig.png(picture)));
    rig.pass(Duration.ofMillis(60));
    List<Prediction> all = rig.predictions();
    return all.get(all.size() - 1);
  }

  private LabelOutcome outcome() throws Exception {
    List<LabelOutcome> all = rig.outcomes();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void anImageThatWasLabelledIsAnsweredByItsLabelWhenItComesAgain() throws Exception {
    Prediction before = answer("cam", "a");
    rig.label("cam", Rig.said("a", "a class of its own").build());
    Prediction after = answer("cam", "a");

    assertThat(before.getDecidedBy()).isEqualTo(AnswerSource.STUDENT);
    assertThat(before.getLabelledEpoch()).isZero();
    assertThat(after.getLabel()).isEqualTo("a class of its own");
    assertThat(after.getConfidence()).isEqualTo(1);
    assertThat(after.getDecidedBy()).isEqualTo(AnswerSource.LABEL);
    assertThat(after.getLabelledEpoch()).isEqualTo(1);
    assertThat(after.getNeighbours().get(0))
        .satisfies(
            n -> {
              assertThat(n.getImageId()).isEqualTo("a");
              assertThat(n.getOrigin()).isEqualTo(NeighbourOrigin.BANK);
              assertThat(n.getTier()).isEqualTo(NeighbourTier.LABELLED);
            });
  }

  @Test
  void anImageThatIsNearlyTheSameIsAnsweredByTheLabelToo() throws Exception {
    var unused = answer("cam", "a", 1);
    rig.label("cam", Rig.said("a", "new").build());

    Prediction twin = answer("another camera", "b", 1);
    assertThat(twin.getLabel()).isEqualTo("new");
    assertThat(twin.getDecidedBy()).isEqualTo(AnswerSource.TWIN);
    assertThat(twin.getNeighbours().get(0).getImageId()).isEqualTo("a");
    assertThat(twin.getNeighbours().get(0).getReliability()).isGreaterThan(0.9f);
    assertThat(twin.getWithout())
        .singleElement()
        .satisfies(
            without -> {
              assertThat(without.getTier()).isEqualTo(NeighbourTier.LABELLED);
              assertThat(without.getAnswer().getLabel()).isNotEqualTo("new");
            });
  }

  @Test
  void theOutcomeOfALabelSaysWhatHadBeenAnswered() throws Exception {
    Prediction before = answer("cam", "a");
    rig.label("cam", Rig.said("a", "b").build());

    LabelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(LabelResult.TAUGHT);
    assertThat(outcome.getAnswered()).isEqualTo(before.getLabel());
    assertThat(outcome.getModelVersion()).isEqualTo(before.getModelVersion());
    assertThat(outcome.getRecord().getOffset()).isZero();
  }

  @Test
  void anotherSourcesImageOfTheSameIdIsAnotherImage() throws Exception {
    var unused = answer("cam", "a", 1);
    unused = answer("gate", "a", 2);
    rig.label("gate", Rig.said("a", "of the gate").build());

    assertThat(answer("gate", "a", 2).getDecidedBy()).isEqualTo(AnswerSource.LABEL);
    assertThat(answer("cam", "a", 1).getDecidedBy()).isNotEqualTo(AnswerSource.LABEL);
  }

  @Test
  void aLabelThatIsTakenBackCountsNoLonger() throws Exception {
    String before = answer("cam", "a").getLabel();
    rig.label("cam", Rig.said("a", "wrong").build());
    rig.label("cam", Rig.said("a", null).build());

    assertThat(rig.outcomes())
        .extracting(LabelOutcome::getResult)
        .containsExactly(LabelResult.TAUGHT, LabelResult.TAKEN_BACK);
    Prediction after = answer("cam", "a");
    assertThat(after.getLabel()).isEqualTo(before);
    assertThat(after.getDecidedBy()).isEqualTo(AnswerSource.STUDENT);
    assertThat(after.getLabelledEpoch()).isEqualTo(2);
  }

  @Test
  void labelsWaitUntilThePredecessorsRowsAreRead() throws Exception {
    var unused = answer("cam", "a");
    rig.tier.follow();
    rig.label("cam", Rig.said("a", "said").build());
    rig.label("cam", Rig.said("a", null).build());
    rig.pass(Duration.ofMillis(60));
    assertThat(rig.outcomes()).isEmpty();

    rig.tier.pass(1);
    rig.pass(Duration.ofMillis(60));
    assertThat(rig.outcomes())
        .extracting(LabelOutcome::getResult)
        .containsExactly(LabelResult.TAUGHT, LabelResult.TAKEN_BACK);
  }

  @Test
  void aTakeBackOfAnotherLeavesALabelThatWaits() throws Exception {
    rig.label("cam", Rig.said("a", "anns").build());
    rig.label("cam", Rig.said("a", null).setLabelledBy("mallory").build());
    assertThat(outcome().getResult()).isEqualTo(LabelResult.NOT_FOUND);

    var unused = answer("cam", "a");
    rig.follow();
    assertThat(answer("cam", "a").getLabel()).isEqualTo("anns");
  }

  @Test
  void aLabelThatWaitsCanBeTakenBackByWhoSaidIt() throws Exception {
    rig.label("cam", Rig.said("a", "anns").build());
    rig.label("cam", Rig.said("a", null).build());
    assertThat(rig.outcomes())
        .extracting(LabelOutcome::getResult)
        .containsExactly(LabelResult.REFUSED, LabelResult.TAKEN_BACK);

    var unused = answer("cam", "a");
    rig.follow();
    assertThat(answer("cam", "a").getDecidedBy()).isEqualTo(AnswerSource.STUDENT);
  }

  @Test
  void aLabelThatIsRefusedLeavesOneThatWaits() throws Exception {
    rig.label("cam", Rig.said("a", "good").build());
    rig.label("cam", Rig.said("a", "x").setImage(new LabelledImage("secrets", 0, 0L)).build());

    var unused = answer("cam", "a");
    rig.follow();
    assertThat(answer("cam", "a").getLabel()).isEqualTo("good");
  }

  @Test
  void nobodyTakesBackTheLabelOfAnother() throws Exception {
    var unused = answer("cam", "a");
    rig.label("cam", Rig.said("a", "right").build());
    rig.label("cam", Rig.said("a", null).setLabelledBy("mallory").build());

    assertThat(rig.outcomes())
        .extracting(LabelOutcome::getResult)
        .containsExactly(LabelResult.TAUGHT, LabelResult.NOT_FOUND);
    assertThat(answer("cam", "a").getLabel()).isEqualTo("right");
  }

  @Test
  void ofTwoLabelsOfOneImageTheLastOneCounts() throws Exception {
    var unused = answer("cam", "a");
    rig.label("cam", Rig.said("a", "first").build());
    rig.label("cam", Rig.said("a", "second").setLabelledBy("bob").build());

    assertThat(answer("cam", "a").getLabel()).isEqualTo("second");
    assertThat(rig.tier.rows().rows()).hasSize(1);
  }

  @Test
  void aLabelBeforeItsImageWaitsForIt() throws Exception {
    rig.label("cam", Rig.said("a", "told before").build());
    assertThat(rig.outcomes()).isEmpty();

    assertThat(answer("cam", "a").getDecidedBy()).isEqualTo(AnswerSource.STUDENT);
    rig.follow();
    assertThat(outcome().getResult()).isEqualTo(LabelResult.TAUGHT);
    assertThat(answer("cam", "a").getLabel()).isEqualTo("told before");
  }

  @Test
  void aLabelWhoseImageNeverComesIsNotFoundInTheEnd() throws Exception {
    rig.label("cam", Rig.said("nowhere", "x").build());
    rig.pass(Rig.TEACHING.patience().plusSeconds(1));

    LabelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(LabelResult.NOT_FOUND);
    assertThat(outcome.getReason()).isEqualTo("NO_SUCH_IMAGE");
    assertThat(outcome.getMessage()).contains("coordinates");
  }

  @Test
  void aLaterLabelTakesThePlaceOfOneThatStillWaits() throws Exception {
    rig.label("cam", Rig.said("a", "first").build());
    rig.label("cam", Rig.said("a", "second").build());
    assertThat(outcome().getReason()).isEqualTo("SUPERSEDED");

    var unused = answer("cam", "a");
    rig.follow();
    assertThat(answer("cam", "a").getLabel()).isEqualTo("second");
  }

  @Test
  void anImageThatIsNoLongerRememberedIsReadAgainByItsCoordinates() throws Exception {
    Prediction before = answer("cam", "a");
    for (int i = 0; i < 3 * 64; i++) {
      var unused = answer("cam", "other-" + i);
    }
    rig.label(
        "cam", Rig.said("a", "remembered").setKind(LabelKind.TRUTH).setImage(at(before)).build());
    rig.pass(Duration.ofMillis(200));
    rig.follow();
    assertThat(own()).isEqualTo(LabelledRow.Own.WRONG);

    assertThat(outcome().getResult()).isEqualTo(LabelResult.TAUGHT);
    assertThat(answer("cam", "a").getLabel()).isEqualTo("remembered");
  }

  private static LabelledImage at(Prediction prediction) {
    return new LabelledImage(
        prediction.getImage().getTopic(),
        prediction.getImage().getPartition(),
        prediction.getImage().getOffset());
  }

  @Test
  void anImageThatItsTopicHasLostIsNotFound() throws Exception {
    Prediction before = answer("cam", "a");
    for (int i = 0; i < 3 * 64; i++) {
      var unused = answer("cam", "other-" + i);
    }
    rig.loseImages();
    rig.label("cam", Rig.said("a", "x").setImage(at(before)).build());
    rig.pass(Duration.ofMillis(200));

    assertThat(outcome().getReason()).isEqualTo("IMAGE_GONE");
  }

  @Test
  void coordinatesOfAnotherImageAreNotBelieved() throws Exception {
    Prediction other = answer("cam", "b");
    for (int i = 0; i < 3 * 64; i++) {
      var unused = answer("cam", "other-" + i);
    }
    rig.label("cam", Rig.said("a", "x").setImage(at(other)).build());
    rig.pass(Duration.ofMillis(200));

    LabelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(LabelResult.NOT_FOUND);
    assertThat(outcome.getReason()).isEqualTo("OTHER_IMAGE");
  }

  @Test
  void coordinatesOutsideOfTheImagesTopicAreRefused() throws Exception {
    rig.label("cam", Rig.said("a", "x").setImage(new LabelledImage("secrets", 0, 0L)).build());
    rig.label("cam", Rig.said("a", "x").setImage(new LabelledImage("images", 7, 0L)).build());

    assertThat(rig.outcomes())
        .allSatisfy(
            outcome -> {
              assertThat(outcome.getResult()).isEqualTo(LabelResult.REFUSED);
              assertThat(outcome.getReason()).isEqualTo("WRONG_COORDINATES");
            })
        .hasSize(2);
  }

  @Test
  void whatIsNoLabelIsADeadLetter() {
    rig.label("cam", new byte[] {1, 2, 3});
    rig.label("cam", Rig.said("a", "\u001b[2J").build());
    rig.label("cam", Rig.said("a", " ").build());

    assertThat(rig.deadLetters.readRecordsToList())
        .extracting(letter -> Rig.header(letter, "cnn2gnn.reason"))
        .containsExactly("NO_MAGIC_BYTE", "INVALID_LABEL", "INVALID_LABEL");
  }

  @Test
  void oneSourceBringsNoMoreThanItsShareOfNewClasses() throws Exception {
    for (int i = 0; i < 3; i++) {
      var unused = answer("cam", "image-" + i);
      rig.label("cam", Rig.said("image-" + i, "class " + i).build());
    }

    assertThat(rig.outcomes())
        .extracting(LabelOutcome::getResult)
        .containsExactly(LabelResult.TAUGHT, LabelResult.REFUSED, LabelResult.REFUSED);
  }

  @Test
  void aLabellerWhoHasHisShareLosesHisOwnOldestLabel() throws Exception {
    String known = TestModels.untrained(1).card().classes().get(0);
    String other = TestModels.untrained(1).card().classes().get(1);
    var unused = answer("cam", "bobs");
    rig.label("cam", Rig.said("bobs", known).setLabelledBy("bob").build());
    for (int i = 0; i < 11; i++) {
      unused = answer("cam", "image-" + i);
      rig.label("cam", Rig.said("image-" + i, i % 2 == 0 ? known : other).build());
    }
    rig.pass(Duration.ofMillis(60));
    rig.follow();

    List<LabelOutcome> left =
        rig.outcomes().stream().filter(o -> o.getResult() == LabelResult.LEFT).toList();
    assertThat(left).extracting(LabelOutcome::getImageId).containsExactly("image-0");
    assertThat(rig.tier.rows().rows()).hasSize(11);
  }

  @Test
  void aTierThatTwoFilledAtOnceShrinksToItsBound() throws Exception {
    try (Rig beside = new Rig()) {
      for (Rig one : List.of(rig, beside)) {
        for (int i = 0; i < 12; i++) {
          String id = (one == rig ? "a-" : "b-") + i;
          one.send("cam", one.image(id));
          one.pass(Duration.ofMillis(60));
          one.label("cam", Rig.said(id, "class").setLabelledBy("person " + i % 4).build());
        }
        one.pass(Duration.ofMillis(60));
        one.follow();
      }
      rig.hear(beside);
    }
    // Of one class there may be ten.
    assertThat(rig.tier.rows().rows()).hasSize(20);

    rig.pass(Duration.ofMillis(60));
    rig.follow();
    assertThat(rig.tier.rows().rows()).hasSize(10);
    assertThat(rig.outcomes())
        .filteredOn(outcome -> outcome.getResult() == LabelResult.LEFT)
        .extracting(LabelOutcome::getReason)
        .containsOnly("GAVE_WAY");
  }

  @Test
  void aTruthJudgesTheAnswerOnceAndNotOneThatALabelDecided() throws Exception {
    String answered = answer("cam", "a").getLabel();
    rig.label("cam", Rig.said("a", "t").setKind(LabelKind.TRUTH).build());
    rig.label("cam", Rig.said("a", "t").setKind(LabelKind.TRUTH).build());
    var unused = answer("cam", "a");
    rig.label("cam", Rig.said("a", "t").setKind(LabelKind.TRUTH).build());

    assertThat(rig.truths).containsExactly(answered + " is t");
  }

  @Test
  void aCorrectionJudgesNothing() throws Exception {
    var unused = answer("cam", "a");
    rig.label("cam", Rig.said("a", "t").setKind(LabelKind.CORRECTION).build());

    assertThat(rig.truths).isEmpty();
  }

  @Test
  void aTruthTellsWhetherTheModelByItselfWasRightAndACorrectionDoesNot() throws Exception {
    String alone = answer("cam", "a", 1).getAlone().getLabel();
    rig.label("cam", Rig.said("a", alone).setKind(LabelKind.TRUTH).build());
    assertThat(own()).isEqualTo(LabelledRow.Own.RIGHT);
    rig.label("cam", Rig.said("a", "t").setKind(LabelKind.TRUTH).build());
    assertThat(own()).isEqualTo(LabelledRow.Own.WRONG);
    rig.label("cam", Rig.said("a", "t").setKind(LabelKind.CORRECTION).build());
    assertThat(own()).isEqualTo(LabelledRow.Own.UNKNOWN);
  }

  private LabelledRow.Own own() {
    assertThat(rig.tier.rows().rows()).hasSize(1);
    return rig.tier.rows().rows().get(0).own();
  }

  @Test
  void rowsOfAnotherSpaceAreEmbeddedAgainByTheNewModel() throws Exception {
    var unused = answer("cam", "a", 1);
    rig.label("cam", Rig.said("a", "kept").setKind(LabelKind.TRUTH).build());
    String before = rig.tier.rows().rows().get(0).space();

    rig.swap(TestModels.untrained(2));
    rig.pass(Duration.ofSeconds(2));
    rig.pass(Duration.ofMillis(200));
    rig.follow();

    assertThat(rig.tier.rows().rows()).hasSize(1);
    assertThat(rig.tier.rows().rows().get(0).space()).isNotEqualTo(before);
    assertThat(own()).isEqualTo(LabelledRow.Own.WRONG);
    assertThat(answer("another", "b", 1).getDecidedBy()).isEqualTo(AnswerSource.TWIN);
  }

  @Test
  void aRowThatCannotBeEmbeddedAgainLeavesTheTier() throws Exception {
    var unused = answer("cam", "a", 1);
    rig.label("cam", Rig.said("a", "lost").build());
    rig.loseImages();

    rig.swap(TestModels.untrained(2));
    rig.pass(Duration.ofSeconds(2));
    rig.pass(Duration.ofMillis(200));
    rig.follow();

    assertThat(rig.tier.rows().rows()).isEmpty();
    List<LabelOutcome> all = rig.outcomes();
    assertThat(all.get(all.size() - 1).getResult()).isEqualTo(LabelResult.LEFT);
    assertThat(all.get(all.size() - 1).getReason()).isEqualTo("IMAGE_GONE");
  }

  @Test
  void theSameTierGivesTheSameAnswers() throws Exception {
    for (int i = 0; i < 4; i++) {
      var unused = answer("cam", "image-" + i);
      rig.label("cam", Rig.said("image-" + i, "class").build());
    }
    Prediction first = answer("cam", "probe");
    try (Rig again = new Rig()) {
      for (int i = 0; i < 4; i++) {
        again.send("cam", again.image("image-" + i));
        again.pass(Duration.ofMillis(60));
        again.label("cam", Rig.said("image-" + i, "class").build());
      }
      var unused = again.predictions();
      again.send("cam", again.image("probe"));
      again.pass(Duration.ofMillis(60));
      Prediction second = again.predictions().get(0);
      assertThat(second.getLabelledEpoch()).isEqualTo(first.getLabelledEpoch()).isEqualTo(4);
      assertThat(second.getScores()).isEqualTo(first.getScores());
      assertThat(second.getNeighbours()).isEqualTo(first.getNeighbours());
    }
  }
}
