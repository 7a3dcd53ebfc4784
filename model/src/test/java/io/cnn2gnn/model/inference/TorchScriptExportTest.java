package io.cnn2gnn.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchScriptExportTest {
  private static final int COUNT = 9;

  static List<Bundle> bundles() {
    return List.of(TestModels.untrained(3), TestModels.withLayers(3));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theFileAnswersAnyImagesAsTheServiceDoesAnEmptyBank(Bundle bundle) throws Exception {
    byte[] pixels = TestModels.noise(COUNT, 7);
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      byte[] one = Arrays.copyOfRange(pixels, i * 64, (i + 1) * 64);
      queries.add(new Query("image-" + i, one, Optional.empty()));
    }
    List<Answer> expected;
    try (StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BANK);
        BankMatrix bank = model.newBank(0)) {
      expected = model.classify(queries, bank);
    }
    byte[] archive = TorchScriptExport.of(bundle).archive();

    // As anybody loads it: no class of ours between.
    try (Model model = Model.newInstance("exported", Torch.device("cpu"), "PyTorch")) {
      model.load(new ByteArrayInputStream(archive));
      try (NDManager scope = model.getNDManager().newSubManager()) {
        NDArray bytes =
            scope.create(ByteBuffer.wrap(pixels), new Shape(COUNT, 8, 8, 1), DataType.UINT8);
        NDArray floats = bytes.toType(DataType.FLOAT32, true);
        for (NDArray images : List.of(bytes, floats)) {
          NDArray probabilities =
              model
                  .getBlock()
                  .forward(new ParameterStore(scope, false), new NDList(images), false)
                  .head()
                  .softmax(1);
          for (int i = 0; i < COUNT; i++) {
            float[] row = probabilities.get(i).toFloatArray();
            for (Answer.Score score : expected.get(i).scores()) {
              assertThat(row[bundle.card().classes().indexOf(score.label())])
                  .isCloseTo(score.probability(), within(1e-5f));
            }
          }
        }
        assertThat(floats.toType(DataType.UINT8, true).toByteArray())
            .as("the caller's images are left as they were")
            .isEqualTo(pixels);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theFileHasTheModelsCard(Bundle bundle) throws Exception {
    TorchScriptExport export = TorchScriptExport.of(bundle);
    assertThat(export.checked()).isEqualTo(4);
    byte[] card = {};
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(export.archive()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith("/extra/" + TorchScriptExport.CARD)) {
          card = zip.readAllBytes();
        }
      }
    }
    assertThat(card).isEqualTo(bundle.cardJson());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void nothingIsExportedThatDoesNotGiveItsGoldenAnswers(Bundle bundle) {
    Tensor logits = bundle.golden().logits();
    float[] other = logits.data().clone();
    other[5] += 0.1f;
    Bundle wrong =
        new Bundle(
            bundle.card(),
            bundle.weights(),
            bundle.prototypes(),
            new Golden(bundle.golden().images(), new Tensor(logits.shape(), other)));

    assertThatThrownBy(() -> TorchScriptExport.of(wrong))
        .isInstanceOf(SelfTestException.class)
        .hasMessageContaining("golden image 1");
  }
}
