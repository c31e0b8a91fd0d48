/** Compares store, ledger and hypervisors, and repairs what is provably ours. */
@NullMarked
package io.gantry.core.reconcile;

import org.jspecify.annotations.NullMarked;
