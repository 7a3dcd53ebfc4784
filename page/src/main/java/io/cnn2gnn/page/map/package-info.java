/** Images in two dimensions: those that decided each other lie together. */
package io.cnn2gnn.page.map;
