/**
 * The service at work in a benchmark: its topics, what goes in, what comes out, and its process.
 */
package io.cnn2gnn.benchmarks.service;
