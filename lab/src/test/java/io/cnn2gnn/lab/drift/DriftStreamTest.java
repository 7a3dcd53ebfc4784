package io.cnn2gnn.lab.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSets;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DriftStreamTest {
  private static DataSet data;

  @BeforeAll
  static void read() throws IOException {
    data = DataSets.read(Home.samples(), new DataSets.Options(List.of(), Optional.empty()));
  }

  private static DriftStream stream(DriftStream.Shift shift) {
    return DriftStream.of(data, 500, 0.3, 0.4, shift, 5);
  }

  private static byte[] pixels(DriftStream.Item item) throws Exception {
    try (ImageDecoder decoder = new ImageDecoder(1_000)) {
      Pixels pixels = decoder.decode(item.file().content().read());
      return pixels.samples();
    }
  }

  @Test
  void aShareIsLabelledAndNoImageComesTwice() throws Exception {
    DriftStream stream = stream(DriftStream.Shift.ROTATE);
    assertThat(stream.images()).hasSize(500);
    assertThat(stream.shiftAt()).isEqualTo(200);
    long labelled = stream.images().stream().filter(DriftStream.Item::labelled).count();
    assertThat(labelled / 500.0).isEqualTo(0.3, within(0.06));
    Set<String> seen = new HashSet<>();
    for (DriftStream.Item item : stream.images()) {
      assertThat(seen.add(Arrays.toString(pixels(item)))).isTrue();
    }
  }

  @Test
  void itEndsWithTheImagesOfItsKind() {
    DriftStream stream = DriftStream.of(data, 1_000_000, 0.3, 0.4, DriftStream.Shift.ROTATE, 5);
    assertThat(stream.images().stream().filter(item -> !item.labelled()))
        .hasSize(data.test().size());
  }

  @Test
  void onlyTheLaterImagesAreShiftedAndEachInItsWay() throws Exception {
    List<DriftStream.Item> turned = stream(DriftStream.Shift.ROTATE).images();
    List<DriftStream.Item> inverted = stream(DriftStream.Shift.INVERT).images();
    List<DriftStream.Item> dark = stream(DriftStream.Shift.DARKEN).images();
    assertThat(pixels(turned.get(199))).isEqualTo(pixels(inverted.get(199)));
    byte[] quarterTurn = pixels(turned.get(200));
    byte[] negative = pixels(inverted.get(200));
    byte[] night = pixels(dark.get(200));
    for (int y = 0; y < 28; y++) {
      for (int x = 0; x < 28; x++) {
        int plain = 255 - (negative[y * 28 + x] & 255);
        assertThat(quarterTurn[x * 28 + 27 - y] & 255).isEqualTo(plain);
        assertThat(night[y * 28 + x] & 255).isEqualTo(plain / 4);
      }
    }
  }
}
