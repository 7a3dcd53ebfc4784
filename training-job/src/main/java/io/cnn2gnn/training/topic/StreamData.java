package io.cnn2gnn.training.topic;

import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.TrackFrame;
import io.cnn2gnn.training.data.Tracks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A range of a topic to train on, if wanted together with the training half of a data set, which
 * guards against forgetting what the stream no longer shows. What is held out is the stream's.
 *
 * @param images the topic
 * @param range of it and of the labels
 * @param sampling what becomes of its images
 * @param more the data set that is learned from first
 */
public record StreamData(
    TopicImages images, StreamRange range, Sampling sampling, Optional<DataSource> more)
    implements DataSource {
  @Override
  public DataSet read() throws IOException, InterruptedException {
    DataSet set =
        more.isPresent()
            ? joined(more.get().read().train())
            : images.read(range, sampling, Optional.empty());
    DataSets.check(this, set);
    return set;
  }

  private DataSet joined(ImageSet first) throws IOException, InterruptedException {
    DataSet stream = images.read(range, sampling, Optional.of(first));
    checkNames(first, stream);
    List<String> classes = stream.train().classes();
    int[] labels =
        Arrays.stream(first.labels())
            .map(
                label ->
                    label == ImageSet.UNLABELLED
                        ? label
                        : classes.indexOf(first.classes().get(label)))
            .toArray();
    return new DataSet(
        joined(first.to(stream.train().frame().spec()).with(labels, classes), stream.train()),
        stream.test());
  }

  /** Classes that are called by numbers in the one and by names in the other would be twice. */
  private void checkNames(ImageSet first, DataSet stream) throws IOException {
    Set<String> sent =
        Arrays.stream(stream.test().labels())
            .mapToObj(stream.test().classes()::get)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!first.named() && first.classes().stream().noneMatch(sent::contains)) {
      throw new IOException(
          "%s numbers its classes and the labels of %s are %s; give the names by --classes"
              .formatted(first.name(), range.images().topic(), sent));
    }
  }

  private static ImageSet joined(ImageSet a, ImageSet b) throws IOException {
    long bytes = (long) a.pixels().length + b.pixels().length;
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IOException(
          "%s and %s do not fit in memory together; choose a smaller --input-size or --max-images"
              .formatted(a.name(), b.name()));
    }
    byte[] pixels = Arrays.copyOf(a.pixels(), (int) bytes);
    System.arraycopy(b.pixels(), 0, pixels, a.pixels().length, b.pixels().length);
    int[] labels = Arrays.copyOf(a.labels(), a.size() + b.size());
    System.arraycopy(b.labels(), 0, labels, a.size(), b.size());
    List<String> ids = new ArrayList<>(a.ids());
    ids.addAll(b.ids());
    List<Optional<TrackFrame>> frames = new ArrayList<>(Tracks.frames(a));
    frames.addAll(Tracks.frames(b));
    return new ImageSet(
        a.name() + " and " + b.name(),
        a.height(),
        a.width(),
        a.channels(),
        pixels,
        labels,
        a.classes(),
        ids,
        frames.stream().allMatch(Optional::isEmpty) ? List.of() : frames);
  }

  @Override
  public String toString() {
    return range + more.map(data -> " and " + data).orElse("");
  }
}
