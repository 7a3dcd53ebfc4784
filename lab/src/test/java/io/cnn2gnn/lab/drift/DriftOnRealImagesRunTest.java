package io.cnn2gnn.lab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.drift.DriftVerdict;
import io.cnn2gnn.model.drift.Observation;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.DataSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped model on the sample images, of which the later half look another way. */
class DriftOnRealImagesRunTest {
  private static final int BATCH = 50;

  private record Halves(List<Observation> plain, List<Observation> shifted) {}

  private static Halves answers(DriftStream.Shift shift) throws Exception {
    Bundle bundle = Bundle.read(Home.bundle());
    DriftStream stream =
        DriftStream.of(
            DataSets.read(
                Home.samples(), new DataSets.Options(bundle.card().classes(), Optional.empty())),
            1_200,
            0.7,
            0.5,
            shift,
            3);
    List<Observation> all = new ArrayList<>();
    try (StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BOTH);
        BankMatrix bank = model.newBank(0);
        ImageDecoder decoder = new ImageDecoder(1_000)) {
      List<Query> batch = new ArrayList<>();
      for (DriftStream.Item item : stream.images()) {
        byte[] pixels =
            Resize.to(
                bundle.card().student().input(), decoder.decode(item.file().content().read()));
        batch.add(new Query(item.file().id(), pixels, Optional.empty()));
        if (batch.size() == BATCH) {
          model.classify(batch, bank).forEach(a -> all.add(a.observation(Optional.empty())));
          batch.clear();
        }
      }
    }
    return new Halves(all.subList(0, stream.shiftAt()), all.subList(stream.shiftAt(), all.size()));
  }

  @ParameterizedTest
  @EnumSource
  void aShiftIsAnAlarmAndWhatCameBeforeItIsNone(DriftStream.Shift shift) throws Exception {
    DriftReference usual = Bundle.read(Home.bundle()).card().drift().orElseThrow();
    Halves halves = answers(shift);
    assertThat(halves.plain().size()).isGreaterThan(500);
    assertThat(usual.judge(halves.plain()).objections()).isEmpty();
    DriftVerdict verdict = usual.judge(halves.shifted());
    assertThat(verdict.objections()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void whatHalfTheImagesTeachHoldsForTheOtherHalf() throws Exception {
    List<Observation> plain = answers(DriftStream.Shift.ROTATE).plain();
    int middle = plain.size() / 2;
    for (List<List<Observation>> pair :
        List.of(
            List.of(plain.subList(0, middle), plain.subList(middle, plain.size())),
            List.of(plain.subList(middle, plain.size()), plain.subList(0, middle)))) {
      DriftReference learnt = DriftReference.learn(pair.get(0), 1).orElseThrow();
      assertThat(learnt.judge(pair.get(1)).objections()).isEmpty();
    }
  }
}
