package io.cnn2gnn.topology.pages;

import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/** Looks for an image in the banks of all instances. */
final class BankSearch {
  private final LocalBanks here;
  private final HttpPeers peers;
  private final Optional<String> self;
  private final IntSupplier partitions;

  /**
   * Searches the banks of this instance and of its peers.
   *
   * @param self this instance's address, if it has one
   * @param partitions of the images topic, so that one which nobody searched is noticed
   */
  BankSearch(LocalBanks here, HttpPeers peers, Optional<String> self, IntSupplier partitions) {
    this.here = here;
    this.peers = peers;
    this.self = self;
    this.partitions = partitions;
  }

  /** A row and the instance that holds it, if that has an address. */
  record Hit(BankRows.Row row, Optional<String> instance) {}

  /**
   * What came of a search.
   *
   * @param silent instances that gave no answer, with the reason
   * @param unsearched partitions into which nobody looked
   */
  record Result(
      List<Hit> hits, Set<Integer> searched, Set<Integer> unsearched, Map<String, String> silent) {
    /** Whether a row that is not among the hits is nowhere. */
    boolean isComplete() {
      return unsearched.isEmpty();
    }
  }

  /** Asks this instance alone. */
  BankRows here(String imageId) {
    return here.find(imageId);
  }

  /** Asks all of them at once. */
  Result everywhere(String imageId) {
    Map<String, CompletableFuture<BankRows>> asked = new TreeMap<>(peers.find(imageId));
    List<Hit> hits = new ArrayList<>();
    Set<Integer> searched = new TreeSet<>();
    Map<String, String> silent = new TreeMap<>();
    add(here.find(imageId), self, searched, hits);
    asked.forEach(
        (address, reply) -> {
          try {
            add(reply.join(), Optional.of(address), searched, hits);
          } catch (CompletionException e) {
            silent.put(address, reason(e));
          }
        });
    Set<Integer> unsearched = new TreeSet<>();
    int all = partitions.getAsInt();
    for (int partition = 0; partition < all; partition++) {
      if (!searched.contains(partition)) {
        unsearched.add(partition);
      }
    }
    return new Result(hits, searched, unsearched, silent);
  }

  /** While a partition moves, both instances may show it: it counts once. */
  private static void add(
      BankRows found, Optional<String> instance, Set<Integer> searched, List<Hit> hits) {
    Set<Integer> fresh = new HashSet<>(found.searched());
    fresh.removeAll(searched);
    for (BankRows.Row row : found.rows()) {
      if (fresh.contains(row.partition())) {
        hits.add(new Hit(row, instance));
      }
    }
    searched.addAll(fresh);
  }

  private static String reason(CompletionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      return "no answer within %d s".formatted(HttpPeers.PATIENCE.toSeconds());
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
