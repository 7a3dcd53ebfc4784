package io.cnn2gnn.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelsInForceTest {
  private final LabelsInForce labels = new LabelsInForce();

  private void says(String by, int partition, String source, String id, String label) {
    labels.take(
        partition,
        new ImageName(
            Optional.of(source)
                .filter(s -> !s.isEmpty())
                .map(s -> s.getBytes(StandardCharsets.UTF_8)),
            id),
        new LabelRecord(
            id,
            Optional.of(label).filter(text -> !text.isEmpty()),
            by,
            Instant.EPOCH,
            LabelRecord.Kind.TRUTH,
            Optional.of(new Coordinates("images", partition, 5))));
  }

  private List<String> of(String name) {
    return labels.by(name).stream()
        .map(one -> one.partition() + " " + one.image() + " " + one.label().label().orElseThrow())
        .toList();
  }

  @Test
  void theLastLabelOfAnImageCounts() {
    says("ann", 0, "s", "i", "Bag");
    says("bob", 0, "s", "i", "Coat");
    says("ann", 0, "s", "j", "Bag");
    says("ann", 0, "s", "j", "Shirt");
    assertThat(of("ann")).containsExactly("0 s/j Shirt");
    assertThat(of("bob")).containsExactly("0 s/i Coat");
  }

  @Test
  void whatWasTakenBackIsNotInForceUntilItIsSaidAgain() {
    says("ann", 0, "s", "i", "Bag");
    says("ann", 0, "s", "i", "");
    assertThat(of("ann")).isEmpty();
    says("ann", 0, "s", "i", "Coat");
    assertThat(of("ann")).containsExactly("0 s/i Coat");
  }

  @Test
  void nobodyTakesBackWhatSomebodyElseSaid() {
    says("bob", 0, "s", "i", "");
    says("ann", 0, "s", "i", "Bag");
    says("bob", 0, "s", "i", "");
    assertThat(of("ann")).containsExactly("0 s/i Bag");
  }

  @Test
  void sourcesPartitionsAndAMissingKeyKeepImagesApart() {
    says("ann", 0, "s", "i", "Bag");
    says("ann", 1, "s", "i", "Coat");
    says("ann", 0, "t", "i", "Shirt");
    says("ann", 1, "", "i", "Boot");
    says("bob", 0, "s", "i", "Hat");
    assertThat(of("ann")).containsExactlyInAnyOrder("1 s/i Coat", "0 t/i Shirt", "1 i Boot");
  }

  @Test
  void aRetractionNamesImageAndLabellerAndGoesWhereItsLabelIs() {
    says("ann", 3, "s", "i", "Bag");
    LabelRequest request = Retraction.request(labels.by("ann").get(0), Instant.ofEpochSecond(9));
    assertThat(request.partition()).contains(3);
    assertThat(request.image().toString()).isEqualTo("s/i");
    Label label = request.label();
    assertThat(label.getLabel()).isNull();
    assertThat(label.getLabelledBy()).isEqualTo("ann");
    assertThat(label.getLabelledAt()).isEqualTo(Instant.ofEpochSecond(9));
    assertThat(label.getImage()).isEqualTo(new LabelledImage("images", 3, 5L));
  }
}
