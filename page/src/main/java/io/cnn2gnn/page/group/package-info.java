/** Which instance of a service answers which partitions. */
package io.cnn2gnn.page.group;
