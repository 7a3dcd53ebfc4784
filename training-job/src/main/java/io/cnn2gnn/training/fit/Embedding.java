package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A fitted stem and what an image says of itself. */
final class Embedding implements AutoCloseable {
  private static final int BATCH = 64;

  private final StudentSpec spec;
  private final TorchModule module;

  Embedding(StudentSpec spec, Map<String, Tensor> tensors, Device device) {
    this.spec = spec;
    this.module = TorchModule.frozen(Student.serving(spec, tensors, Candidates.BOTH), device);
  }

  /** Images as they are, each by itself. */
  Frames images(ImageSet set) {
    float[] v = new float[set.size() * spec.projection()];
    float[] z = new float[set.size() * spec.classes()];
    for (int from = 0; from < set.size(); from += BATCH) {
      embed(set.samples(from, Math.min(set.size(), from + BATCH)), from, v, z);
    }
    return new Frames(v, z, set.labels(), single(set.size()), numbers(set.size()));
  }

  /**
   * Images of a set as they are, and where it has tracks each of these once more in another light.
   * Views of one image are no track: they are nearer to each other than two images ever are, and
   * would teach that whatever is near is of one class.
   */
  Frames tracks(Views views, List<int[]> tracks) {
    Frames plain = images(views.set());
    return tracks.isEmpty() ? plain : joined(plain, otherwise(views, tracks), tracks);
  }

  /** The frames of tracks, one track after the other, each in a light of its own. */
  private Frames otherwise(Views views, List<int[]> tracks) {
    int n = tracks.stream().mapToInt(track -> track.length).sum();
    float[] v = new float[n * spec.projection()];
    float[] z = new float[n * spec.classes()];
    int[] labels = new int[n];
    List<int[]> places = new ArrayList<>();
    int at = 0;
    for (int[] track : tracks) {
      for (int from = 0; from < track.length; from += BATCH) {
        int[] batch = Arrays.copyOfRange(track, from, Math.min(track.length, from + BATCH));
        embed(views.alike(batch, track[0], 0), at + from, v, z);
      }
      Arrays.fill(labels, at, at + track.length, views.set().labels()[track[0]]);
      places.add(IntStream.range(at, at + track.length).toArray());
      at += track.length;
    }
    return new Frames(v, z, labels, places, numbers(tracks.size()));
  }

  private Frames joined(Frames a, Frames b, List<int[]> tracks) {
    float[] v = Arrays.copyOf(a.v(), a.v().length + b.v().length);
    System.arraycopy(b.v(), 0, v, a.v().length, b.v().length);
    float[] z = Arrays.copyOf(a.z(), a.z().length + b.z().length);
    System.arraycopy(b.z(), 0, z, a.z().length, b.z().length);
    int[] labels = Arrays.copyOf(a.labels(), a.size() + b.size());
    System.arraycopy(b.labels(), 0, labels, a.size(), b.size());
    List<int[]> all = new ArrayList<>(tracks);
    b.tracks().forEach(track -> all.add(Arrays.stream(track).map(k -> k + a.size()).toArray()));
    int[] things = IntStream.range(0, all.size()).map(t -> t % tracks.size()).toArray();
    return new Frames(v, z, labels, all, things);
  }

  private static int[] numbers(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static List<int[]> single(int count) {
    return IntStream.range(0, count).mapToObj(i -> new int[] {i}).toList();
  }

  private void embed(byte[] samples, int at, float[] v, float[] z) {
    try (NDManager scope = module.newManager()) {
      NDList stem = module.run("stem", Images.batch(scope, spec.input(), samples));
      float[] own = stem.get(1).toFloatArray();
      System.arraycopy(own, 0, v, at * spec.projection(), own.length);
      float[] logits = module.run("classify", stem.head()).head().toFloatArray();
      System.arraycopy(logits, 0, z, at * spec.classes(), logits.length);
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
