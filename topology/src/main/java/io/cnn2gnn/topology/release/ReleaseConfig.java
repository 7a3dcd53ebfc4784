package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.reference.AllowList;
import java.time.Duration;

/**
 * Which releases a service follows.
 *
 * @param allowed where bundles may be; with none, the service keeps the model it starts with
 * @param timeout of one try to fetch a bundle
 * @param model the name whose releases count; empty for that of the model it starts with
 * @param shadow how candidates are tried
 */
public record ReleaseConfig(
    AllowList allowed, Duration timeout, String model, ShadowConfig shadow) {
  /** Whether releases are followed at all. */
  public boolean follows() {
    return !allowed.isEmpty();
  }
}
