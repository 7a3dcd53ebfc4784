package io.cnn2gnn.cli;

import io.cnn2gnn.training.release.BundleStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where released bundles lie. */
final class StoreFlags {
  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "where released bundles lie, for services to fetch")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--store-uri",
      paramLabel = "URI",
      description = "by which services fetch from there (default: as files)")
  private Optional<URI> uri = Optional.empty();

  boolean isGiven() {
    return folder.isPresent();
  }

  /** Empty if no folder is given. */
  Optional<BundleStore> open() {
    return folder.map(
        path -> uri.isPresent() ? new BundleStore(path, uri.get()) : new BundleStore(path));
  }
}
