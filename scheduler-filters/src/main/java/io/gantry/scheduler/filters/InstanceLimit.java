package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;

/** The rule that the two filters of instances share. */
final class InstanceLimit {
    static final int DEFAULT = 50;
    static final String CODE = "INSTANCES";

    private InstanceLimit() {}

    static int check(String field, int max) {
        if (max < 1) {
            throw new InvalidRequest(
                    field, max, "is less than 1", "Give the number of instances that a host may have, 1 or more");
        }
        return max;
    }

    static Verdict judge(int instances, long max) {
        return instances < max
                ? Verdict.pass()
                : Verdict.reject(CODE, "fewer than " + counted(max), counted(instances));
    }

    private static String counted(long instances) {
        return instances + (instances == 1 ? " instance" : " instances");
    }
}
