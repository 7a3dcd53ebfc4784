package io.cnn2gnn.faults;

/** What a row does to the service. */
interface Scenario {
  /** Why it cannot run on this machine; empty if it can. */
  default String obstacle() {
    return "";
  }

  /** Before the first round; leaves the service ready. */
  default void prepare(Trial trial) throws Exception {
    trial.startReady("one");
  }

  /** One round; afterwards everything sent must come to its end. */
  void round(Trial trial) throws Exception;

  /** After the last round, before the services are stopped. */
  default void finish(Trial trial) throws Exception {}
}
