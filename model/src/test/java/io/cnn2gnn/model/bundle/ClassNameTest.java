package io.cnn2gnn.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.StudentSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassNameTest {
  private static final String COMPOSED = "Caf\u00e9";
  private static final String DECOMPOSED = "Cafe\u0301";

  private static List<String> classes(String... names) {
    InputSpec input = new InputSpec(8, 8, 1, List.of(0.5f), List.of(0.25f));
    StudentSpec spec =
        new StudentSpec(
            input,
            List.of(8),
            List.of(2),
            2,
            8,
            16,
            names.length,
            4,
            0.5f,
            Ranking.LEARNED,
            false,
            Head.EVIDENCE);
    return new ModelCard(
            "m", "1", "space", List.of(names), spec, "data", "none", "none", 1, Map.of())
        .classes();
  }

  @Test
  void twoWritingsOfANameAreOne() {
    assertThat(ClassName.of(DECOMPOSED)).isEqualTo(COMPOSED).isEqualTo(ClassName.of(COMPOSED));
    assertThat(ClassName.of("T-shirt/top")).isEqualTo("T-shirt/top");
    assertThat(
            new LabelledRow(
                    "i", "s", "id", DECOMPOSED, "space", new float[1], LabelledRow.Own.UNKNOWN)
                .label())
        .isEqualTo(COMPOSED);
  }

  @Test
  void aModelsClassesAreWrittenAsLabelsAre() {
    assertThat(classes(DECOMPOSED, "Kleid")).containsExactly(COMPOSED, "Kleid");
  }

  @Test
  void aModelThatTellsTwoWritingsApartStaysUsable() {
    assertThat(classes(DECOMPOSED, COMPOSED)).containsExactly(DECOMPOSED, COMPOSED);
  }
}
