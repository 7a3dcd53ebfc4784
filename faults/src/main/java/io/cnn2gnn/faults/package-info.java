/**
 * What an outsider runs to break the service: faults on real processes, a verifier that reads
 * topics only, and fuzzers.
 */
package io.cnn2gnn.faults;
