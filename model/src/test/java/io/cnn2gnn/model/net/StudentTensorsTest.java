package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StudentTensorsTest {
  @ParameterizedTest
  @EnumSource(Ranking.class)
  void whatIsMadeIsWhatIsExpected(Ranking ranking) {
    for (boolean labels : new boolean[] {true, false}) {
      StudentSpec spec =
          new StudentSpec(
              new InputSpec(8, 8, 1, List.of(0.5f), List.of(0.25f)),
              List.of(4, 6),
              List.of(1, 4),
              2,
              5,
              7,
              3,
              4,
              0.5f,
              ranking,
              labels);
      assertThatCode(() -> Student.check(spec, Student.initial(spec, 1)))
          .doesNotThrowAnyException();
    }
  }
}
