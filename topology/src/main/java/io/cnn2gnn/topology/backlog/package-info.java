/**
 * How late the answers are: which images of a topic have none yet, by what stands on the broker
 * alone, so that it can be told of a service that is down.
 */
package io.cnn2gnn.topology.backlog;
