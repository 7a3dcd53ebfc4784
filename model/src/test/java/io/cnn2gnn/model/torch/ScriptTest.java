package io.cnn2gnn.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static Script script() {
    return Script.of(ScriptTest.class, "constants.py");
  }

  @Test
  void constantsBecomeLiteralsAndAMissingTensorInABranchRuledOutIsNotMissed() {
    Script script =
        script()
            .with("COUNT", 3)
            .with("DECIDED", false)
            .withNumbers("NUMBERS", List.of(2, 5))
            .withFlags("FLAGS", List.of(true, false));
    try (TorchModule module =
            TorchModule.frozen(new ScriptModule().methods(script), Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      float[] result = module.run("sum", scope.create(new float[] {1, 10})).head().toFloatArray();
      assertThat(result).containsExactly(1 + 3 + 2, 10 + 3 + 2);
    }
  }

  @Test
  void aConstantThatTheFileLacksOrThatGetsNoValueIsRefused() {
    assertThatThrownBy(() -> script().with("COUNTS", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("constants.py has no constant COUNTS");
    assertThatThrownBy(() -> new ScriptModule().methods(script().with("DECIDED", true)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("constants.py: the constant COUNT ");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Script.of(ScriptTest.class, "none.py"))
        .hasMessage("no none.py beside io.cnn2gnn.model.torch.ScriptTest");
  }
}
