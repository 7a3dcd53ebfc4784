package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Grey images of 72 x 72 pixels to the model's size. */
@State(Scope.Benchmark)
public class Shrink {
  private final List<Pixels> images = new ArrayList<>();
  private Resize resize;
  private int next;

  /** Decodes the images. */
  @Setup
  public void open() throws Exception {
    Material material = new Material();
    resize = new Resize(material.bundle().card().student().input());
    try (ImageDecoder decoder = new ImageDecoder(Material.SIDE * Material.SIDE)) {
      for (byte[] file : material.files()) {
        images.add(decoder.decode(file));
      }
    }
  }

  /** One image. */
  @Benchmark
  public byte[] image() {
    next = (next + 1) % images.size();
    return resize.of(images.get(next));
  }
}
