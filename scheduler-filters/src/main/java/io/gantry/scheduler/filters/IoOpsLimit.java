package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;

/** The rule that the two filters of I/O operations share. */
final class IoOpsLimit {
    static final int DEFAULT = 8;
    static final String CODE = "IO_OPS";
    static final String READS = "builds, moves, snapshots and the like in progress on the host";

    private IoOpsLimit() {}

    static int check(String field, int max) {
        if (max < 1) {
            throw new InvalidRequest(
                    field, max, "is less than 1", "Give the number of operations that a host may have, 1 or more");
        }
        return max;
    }

    static Verdict judge(int running, long max) {
        return running < max
                ? Verdict.pass()
                : Verdict.reject(CODE, "fewer than " + counted(max), counted(running) + " in progress");
    }

    private static String counted(long operations) {
        return operations + (operations == 1 ? " I/O operation" : " I/O operations");
    }
}
