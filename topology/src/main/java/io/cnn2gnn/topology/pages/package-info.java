/** What can be asked of a running service over HTTP, as JSON; reads only. */
package io.cnn2gnn.topology.pages;
