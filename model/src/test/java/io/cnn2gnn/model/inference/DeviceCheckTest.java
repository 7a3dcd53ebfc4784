package io.cnn2gnn.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.inference.DeviceCheck.Options;
import io.cnn2gnn.model.inference.DeviceCheck.Report;
import io.cnn2gnn.model.inference.DeviceCheck.Shortage;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceCheckTest {
  private static final Options FEW = new Options(150, 0.02, 1);

  @Test
  void theCpuAnswersAsItselfAndIsTimedAtEverySize() throws Exception {
    List<String> lines = new ArrayList<>();
    Report report = new DeviceCheck(TestModels.untrained(1), "cpu", FEW, lines::add).run();

    assertThat(report.passed()).isTrue();
    assertThat(report.agreement()).isEqualTo(1);
    assertThat(report.difference()).isZero();
    assertThat(report.perSecond()).containsOnlyKeys(1, 8, 64, 256);
    assertThat(report.perSecond().values()).allMatch(rate -> rate > 0);
    assertThat(report.shortage()).isEqualTo(Shortage.NOT_TRIED);
    assertThat(report.golden()).isEqualTo(4);
    assertThat(lines).hasSize(11);
  }

  @Test
  void aDeviceThatDoesNotGiveTheGoldenAnswersIsNotMeasured() {
    Bundle right = TestModels.untrained(1);
    Tensor logits = right.golden().logits();
    float[] others = logits.data().clone();
    others[0] += 1;
    Bundle wrong =
        new Bundle(
            right.card(),
            right.weights(),
            right.prototypes(),
            new Golden(right.golden().images(), new Tensor(logits.shape(), others)));

    assertThatThrownBy(() -> new DeviceCheck(wrong, "cpu", FEW, line -> {}).run())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("self-test");
  }
}
