package io.cnn2gnn.cli.train;

import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.training.release.BundleStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where released bundles lie. */
public final class StoreFlags {
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

  @Option(
      names = "--release-allow",
      paramLabel = "PREFIX",
      description =
          "comma-separated URI prefixes beside the store below which bundles of releases are fetched"
              + " to compare with (default: cnn2gnn.release.allow of --config)")
  private Optional<String> allow = Optional.empty();

  /** What releases may lead to, beside the store: as a service is told. */
  public AllowList allowed(Map<String, String> properties) {
    return AllowList.of(
        AllowList.BUNDLES, allow.orElse(properties.getOrDefault(AllowList.BUNDLES, "")));
  }

  boolean isGiven() {
    return folder.isPresent();
  }

  /** Empty if no folder is given. */
  public Optional<BundleStore> open() {
    return folder.map(
        path -> uri.isPresent() ? new BundleStore(path, uri.get()) : new BundleStore(path));
  }
}
