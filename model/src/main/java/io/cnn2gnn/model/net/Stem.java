package io.cnn2gnn.model.net;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * The student's convolutions, {@code embed(images)} -> x.
 *
 * @param pool side of the grid that the last map is averaged to
 */
record Stem(InputSpec input, Convolutions convolutions, int pool) {
  static Stem of(StudentSpec spec) {
    List<Conv> all = new ArrayList<>();
    int in = spec.input().channels();
    for (int i = 0; i < spec.widths().size(); i++) {
      int out = spec.widths().get(i);
      int stride = spec.strides().get(i);
      // A kernel narrower than twice its stride would hardly look at some pixels.
      all.add(new Conv("conv" + i, in, out, Math.max(3, 2 * stride - 1), stride));
      in = out;
    }
    return new Stem(spec.input(), new Convolutions(List.copyOf(all)), spec.pool());
  }

  /** The method; folded, a lone image goes through it beside its twin. */
  Script script(boolean folded) {
    return Script.of(Stem.class, "stem.py")
        .with("FOLDED", folded)
        .with("POOL", pool)
        .withNumbers("STRIDES", convolutions.strides())
        .withFlags(
            "RESIDUAL",
            convolutions.all().stream().map(c -> c.in() == c.out() && c.stride() == 1).toList());
  }

  long macs() {
    int height = input.height();
    int width = input.width();
    long macs = 0;
    for (Conv conv : convolutions.all()) {
      height = conv.extent(height);
      width = conv.extent(width);
      macs += conv.macs(height, width);
    }
    return macs;
  }
}
