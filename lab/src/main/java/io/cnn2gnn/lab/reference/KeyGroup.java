package io.cnn2gnn.lab.reference;

import io.cnn2gnn.topology.app.ConfigKey;
import java.util.Arrays;
import java.util.List;

/** What keys of the configuration are for, by their names. */
enum KeyGroup {
  KAFKA("Kafka and the schema registry", "(?!cnn2gnn\\.).*"),
  MODEL("The model", "cnn2gnn\\.(model\\.(?!name$)|graph\\.|prediction\\.).*"),
  BATCHES("Batches and commits", "cnn2gnn\\.(batch|decode|commit)\\..*"),
  BANK("The bank of earlier images", "cnn2gnn\\.bank\\.(?!labelled\\.).*"),
  LABELS("Labels", "cnn2gnn\\.(labels|bank\\.labelled)\\..*"),
  LIMITS("Limits of records and images", "cnn2gnn\\.(record|image)\\..*"),
  REFERENCES("Images by reference", "cnn2gnn\\.reference\\..*"),
  RELEASES("Releases and candidates", "cnn2gnn\\.(release\\..*|shadow\\..*|model\\.name)"),
  TOPICS("Topics and formats", "cnn2gnn\\.(topics?|input|output)\\..*"),
  HTTP("HTTP", "cnn2gnn\\.http\\..*");

  private final String title;
  private final String names;

  KeyGroup(String title, String names) {
    this.title = title;
    this.names = names;
  }

  String title() {
    return title;
  }

  /** Its keys, in their own order. */
  List<ConfigKey> keys() {
    return Arrays.stream(ConfigKey.values()).filter(key -> key.key().matches(names)).toList();
  }
}
