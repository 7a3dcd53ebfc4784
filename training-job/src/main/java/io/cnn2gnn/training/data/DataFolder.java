package io.cnn2gnn.training.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A data set in files; see {@link DataSets}.
 *
 * @param path folder or zip
 * @param reading how to read it
 */
public record DataFolder(Path path, DataSets.Options reading) implements DataSource {
  @Override
  public DataSet read() throws IOException {
    return DataSets.read(path, reading);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
