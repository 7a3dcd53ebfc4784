/** Seeded, counted fuzzers over whatever the service reads from strangers. */
package io.cnn2gnn.faults.fuzz;
