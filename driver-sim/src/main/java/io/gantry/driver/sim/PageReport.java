package io.gantry.driver.sim;

import java.util.List;

/**
 * What a check of a guest's memory found.
 *
 * @param checked pages that the guest has written in its life and that were compared
 * @param problems what is wrong, one sentence a page, the first 20; empty if every page is there as written last
 */
public record PageReport(int checked, List<String> problems) {
    /**
     * Copies the list.
     *
     * @param checked see the record
     * @param problems see the record
     */
    public PageReport {
        problems = List.copyOf(problems);
    }

    /** {@return whether nothing is wrong} */
    public boolean intact() {
        return problems.isEmpty();
    }
}
