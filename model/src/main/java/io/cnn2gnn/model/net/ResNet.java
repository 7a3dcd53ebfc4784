package io.cnn2gnn.model.net;

import io.cnn2gnn.model.torch.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The convolutions of a {@link Teacher}, block by block.
 *
 * @param stem the first
 * @param pooled whether max pooling of stride 2 follows it
 * @param blocks all with a path of the same length
 */
record ResNet(Conv stem, boolean pooled, List<Block> blocks) {
  private static final int EXPANSION = 4;

  /** Convolutions one after the other, and what leads past them, if not nothing does. */
  record Block(List<Conv> path, Optional<Conv> skip) {
    int out() {
      return path.get(path.size() - 1).out();
    }
  }

  /**
   * Lays it out.
   *
   * @param stages blocks of each stage
   * @param imageNet which of the two forms
   * @param bottleneck whether three convolutions make a block, not two
   */
  static ResNet of(
      int channels, int width, List<Integer> stages, boolean imageNet, boolean bottleneck) {
    int side = imageNet ? 7 : 3;
    List<Block> blocks = new ArrayList<>();
    int in = width;
    for (int stage = 0; stage < stages.size(); stage++) {
      for (int b = 0; b < stages.get(stage); b++) {
        int stride = stage > 0 && b == 0 ? 2 : 1;
        Block block = block("s" + stage + "b" + b, in, width << stage, stride, bottleneck);
        blocks.add(block);
        in = block.out();
      }
    }
    Conv stem = new Conv("conv", channels, width, side, imageNet ? 2 : 1);
    return new ResNet(stem, imageNet, List.copyOf(blocks));
  }

  private static Block block(String name, int in, int width, int stride, boolean bottleneck) {
    List<Conv> path =
        bottleneck
            ? List.of(
                new Conv(name + "_1", in, width, 1, 1),
                new Conv(name + "_2", width, width, 3, stride),
                new Conv(name + "_3", width, width * EXPANSION, 1, 1))
            : List.of(
                new Conv(name + "_1", in, width, 3, stride),
                new Conv(name + "_2", width, width, 3, 1));
    int out = path.get(path.size() - 1).out();
    return new Block(
        path,
        in == out && stride == 1
            ? Optional.empty()
            : Optional.of(new Conv(name + "_skip", in, out, 1, stride)));
  }

  /** In the order of the script: what leads past a block comes behind its path. */
  Convolutions convolutions() {
    List<Conv> all = new ArrayList<>();
    all.add(stem);
    for (Block block : blocks) {
      all.addAll(block.path());
      block.skip().ifPresent(all::add);
    }
    return new Convolutions(List.copyOf(all));
  }

  /** Width of the features before the last layer. */
  int features() {
    return blocks.get(blocks.size() - 1).out();
  }

  /** The method {@code logits(images)}. */
  Script script() {
    return Script.of(ResNet.class, "resnet.py")
        .with("IMAGENET", pooled)
        .with("LENGTH", blocks.get(0).path().size())
        .withNumbers("STRIDES", convolutions().strides())
        .withFlags("CHANGES", blocks.stream().map(block -> block.skip().isPresent()).toList());
  }

  /** Multiply-accumulates of the convolutions for an image of this size. */
  long macs(int imageHeight, int imageWidth) {
    int height = stem.extent(imageHeight);
    int width = stem.extent(imageWidth);
    long macs = stem.macs(height, width);
    if (pooled) {
      height = (height - 1) / 2 + 1;
      width = (width - 1) / 2 + 1;
    }
    for (Block block : blocks) {
      for (Conv conv : block.path()) {
        height = conv.extent(height);
        width = conv.extent(width);
        macs += conv.macs(height, width);
      }
      if (block.skip().isPresent()) {
        macs += block.skip().get().macs(height, width);
      }
    }
    return macs;
  }
}
