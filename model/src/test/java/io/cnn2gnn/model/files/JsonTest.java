package io.cnn2gnn.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
  private record Inner(double share, Optional<String> note) {}

  private record Outer(
      String name, int count, double rate, Optional<Inner> inner, List<Double> rounds) {}

  @Test
  void aRecordsComponentsAreKeysInTheirOrder() {
    assertThat(
            Json.text(
                new Outer("a < b", 2, 0.5, Optional.of(new Inner(1, Optional.of("x"))), List.of())))
        .isEqualTo(
            """
            {
              "name": "a < b",
              "count": 2,
              "rate": 0.5,
              "inner": {
                "share": 1.0,
                "note": "x"
              },
              "rounds": []
            }
            """);
  }

  @Test
  void whatIsEmptyOrNoNumberHasNoKey() {
    Outer outer =
        new Outer(
            "a",
            2,
            Double.NaN,
            Optional.of(new Inner(Double.POSITIVE_INFINITY, Optional.empty())),
            List.of(1.0, Double.NaN));
    assertThat(Json.object(outer))
        .hasToString("{\"name\":\"a\",\"count\":2,\"inner\":{},\"rounds\":[1.0]}");
    assertThat(Json.object(Map.of("none", Double.NaN)).keySet()).isEmpty();
  }
}
