package io.cnn2gnn.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final Parameters PARAMETERS =
      new Parameters(
          List.of(
              Parameter.of("kernel", Initial.he(), 64, 8, 5, 5),
              Parameter.of("matrix", Initial.glorot(), 100, 60),
              Parameter.fixed("mean", Initial.constant(0.25f), 7)));

  private static double variance(Tensor tensor) {
    double squares = 0;
    for (float v : tensor.data()) {
      squares += v * v;
    }
    return squares / tensor.data().length;
  }

  @Test
  void initialValuesFollowFromTheShapes() {
    Map<String, Tensor> tensors = PARAMETERS.initial(3);
    assertThat(tensors.keySet()).containsExactly("kernel", "matrix", "mean");
    assertThat(variance(tensors.get("kernel"))).isEqualTo(2.0 / (8 * 5 * 5), within(4e-4));
    assertThat(variance(tensors.get("matrix"))).isEqualTo(2.0 / 160, within(7e-4));
    assertThat(tensors.get("mean")).isEqualTo(Tensor.filled(0.25f, 7));
    assertThat(PARAMETERS.initial(3)).isEqualTo(tensors);
    assertThat(PARAMETERS.initial(4)).isNotEqualTo(tensors);
  }

  @Test
  void tensorsMissingSuperfluousOrMisshapenAreRefused() {
    Map<String, Tensor> tensors = PARAMETERS.initial(3);
    assertThatCode(() -> PARAMETERS.check(tensors)).doesNotThrowAnyException();
    tensors.put("mean", Tensor.filled(0, 8));
    assertThatThrownBy(() -> PARAMETERS.check(tensors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor mean: Tensor[8], expected shape [7]");
    tensors.remove("mean");
    assertThatThrownBy(() -> PARAMETERS.check(tensors))
        .hasMessage("tensors [kernel, matrix] are not [kernel, matrix, mean]");
    tensors.put("mean", Tensor.filled(0, 7));
    tensors.put("more", Tensor.filled(0, 7));
    assertThatThrownBy(() -> PARAMETERS.check(tensors)).hasMessageContaining("more");
  }
}
