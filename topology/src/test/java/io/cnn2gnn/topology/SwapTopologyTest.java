package io.cnn2gnn.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.serving.ServedModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models that change while images flow; batches close at four. */
class SwapTopologyTest {
  private static final Bundle SUCCESSOR = TestModels.untrained(2);
  private static final Bundle LARGER = TestModels.untrained(3, 12);

  private Rig rig;
  private int made;

  @BeforeEach
  void open() {
    rig = new Rig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private List<Prediction> send(int images) {
    for (int i = 0; i < images; i++) {
      String id = "image-" + made++;
      rig.send("camera", rig.image(id, ImageFormat.PNG, Rig.png(made % 4)));
    }
    return rig.predictions();
  }

  private static Set<String> versions(List<Prediction> predictions) {
    return predictions.stream().map(Prediction::getModelVersion).collect(Collectors.toSet());
  }

  private static Set<String> remembered(List<Prediction> predictions) {
    return predictions.stream()
        .flatMap(p -> p.getNeighbours().stream())
        .filter(n -> n.getOrigin() == NeighbourOrigin.BANK)
        .map(Neighbour::getImageId)
        .collect(Collectors.toSet());
  }

  @Test
  void theNextBatchIsAnsweredByTheNewModelWithItsOwnSpaceAlone() {
    assertThat(versions(send(4))).containsExactly("test:v1");
    assertThat(remembered(send(4)))
        .isNotEmpty()
        .isSubsetOf("image-0", "image-1", "image-2", "image-3");
    rig.swap(SUCCESSOR);
    List<Prediction> after = send(4);
    assertThat(versions(after)).containsExactly("test:v2");
    assertThat(after).allMatch(p -> p.getSpace().equals(SUCCESSOR.card().space()));
    assertThat(remembered(after)).isEmpty();
    assertThat(after).allMatch(p -> p.getBankEpoch() == 8);
    assertThat(remembered(send(4)))
        .isNotEmpty()
        .isSubsetOf("image-8", "image-9", "image-10", "image-11");
  }

  @Test
  void imagesThatWaitWhenTheModelChangesShareTheNewOne() {
    send(3);
    rig.swap(SUCCESSOR);
    List<Prediction> batch = send(1);
    assertThat(batch).hasSize(4);
    assertThat(versions(batch)).containsExactly("test:v2");
  }

  @Test
  void aRollbackFindsTheRowsOfTheModelThatItGoesBackTo() {
    send(4);
    rig.swap(SUCCESSOR);
    send(4);
    rig.swap(TestModels.untrained(1));
    assertThat(remembered(send(4)))
        .isNotEmpty()
        .isSubsetOf("image-0", "image-1", "image-2", "image-3");
  }

  @Test
  void imagesThatWaitAreDecodedAnewForAModelOfAnotherSize() {
    send(3);
    rig.swap(LARGER);
    List<Prediction> batch = send(1);
    assertThat(batch).extracting(Prediction::getImageId).contains("image-0", "image-3").hasSize(4);
    assertThat(versions(batch)).containsExactly("test:v3");
    assertThat(rig.deadLetters.isEmpty()).isTrue();
  }

  @Test
  void theOldModelIsClosedWithTheNextBatch() {
    ServedModel first = first();
    rig.swap(SUCCESSOR);
    first.retain().close();
    send(4);
    assertThatThrownBy(first::retain).hasMessageContaining("test:v1 is closed");
  }

  @Test
  void aTaskWithoutImagesLetsGoOfTheOldModelToo() {
    ServedModel first = first();
    rig.swap(SUCCESSOR);
    rig.pass(Duration.ofSeconds(1));
    assertThatThrownBy(first::retain).hasMessageContaining("test:v1 is closed");
  }

  private ServedModel first() {
    ServedModel first = rig.models.acquire();
    first.close();
    return first;
  }

  @Test
  void deadLettersAndListenersNameTheModelInService() {
    rig.swap(SUCCESSOR);
    rig.send("camera", "junk".getBytes(StandardCharsets.UTF_8));
    send(4);
    assertThat(Rig.header(rig.deadLetters.readRecord(), DeadLetters.MODEL_VERSION))
        .isEqualTo("test:v2");
    assertThat(rig.answeredBy).containsExactly("test:v2");
  }
}
