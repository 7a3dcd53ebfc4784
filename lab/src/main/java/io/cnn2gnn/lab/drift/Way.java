package io.cnn2gnn.lab.drift;

/** What a service is given of the labels on its stream. */
enum Way {
  RETRAINED("retrained", "labels teach, and retrain"),
  TAUGHT("taught", "labels teach"),
  UNTAUGHT("untaught", "no label is heard");

  private final String column;
  private final String words;

  Way(String column, String words) {
    this.column = column;
    this.words = words;
  }

  /** Its name in tables, and of its topics. */
  String column() {
    return column;
  }

  /** For a picture's legend. */
  String words() {
    return words;
  }
}
