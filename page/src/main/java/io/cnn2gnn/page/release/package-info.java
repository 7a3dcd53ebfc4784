/** Releases as the page shows them: how they stand, and what an operator may do with each. */
package io.cnn2gnn.page.release;
