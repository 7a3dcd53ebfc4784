/** How a service stands, by what its broker and its registry know, whether it runs or not. */
package io.cnn2gnn.topology.status;
