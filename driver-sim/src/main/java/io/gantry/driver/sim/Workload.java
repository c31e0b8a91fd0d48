package io.gantry.driver.sim;

import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.util.Map;

/**
 * What a guest does with its memory.
 *
 * @param residentPages pages that it writes once when it boots
 * @param workingSetPages pages, from the first, of which it then writes one after the other at random
 * @param bytesPerSecond how much it writes, whole pages at a time
 * @param ignoresShutdown whether it hears the power button and does nothing
 */
record Workload(int residentPages, int workingSetPages, long bytesPerSecond, boolean ignoresShutdown) {
    static final int PAGE_BYTES = 4096;

    private static final String PREFIX = "sim:";
    private static final Workload IDLE = new Workload(0, 0, 0, false);

    /** The workload that a flavor's extra specs describe. */
    static Workload of(Flavor flavor) {
        Workload workload = IDLE;
        for (Map.Entry<String, String> spec : flavor.extraSpecs().entrySet()) {
            if (spec.getKey().startsWith(PREFIX)) {
                workload = workload.with(flavor, spec.getKey(), spec.getValue());
            }
        }
        return workload;
    }

    private Workload with(Flavor flavor, String key, String value) {
        String field = "flavor.extraSpecs." + key;
        long mostMib = flavor.memory().bytes() >> 20;
        return switch (key) {
            case "sim:resident_mib" ->
                new Workload(pages(number(field, value, mostMib)), workingSetPages, bytesPerSecond, ignoresShutdown);
            case "sim:working_set_mib" ->
                new Workload(residentPages, pages(number(field, value, mostMib)), bytesPerSecond, ignoresShutdown);
            case "sim:dirty_rate_mib" ->
                new Workload(residentPages, workingSetPages, number(field, value, 1L << 20) << 20, ignoresShutdown);
            case "sim:ignores_shutdown" ->
                new Workload(residentPages, workingSetPages, bytesPerSecond, flag(field, value));
            default ->
                throw new InvalidRequest(
                        field,
                        value,
                        "is no extra spec of the simulated driver",
                        "Use sim:resident_mib, sim:working_set_mib, sim:dirty_rate_mib or sim:ignores_shutdown");
        };
    }

    /** This workload, dirtying memory in another way from now on. */
    Workload dirtying(MemorySize memory, MemorySize workingSet, Bandwidth rate) {
        if (workingSet.compareTo(memory) > 0) {
            throw new InvalidRequest("workingSet", workingSet, "exceeds the guest's memory", "Give at most " + memory);
        }
        return new Workload(
                residentPages, (int) (workingSet.bytes() / PAGE_BYTES), rate.bytesPerSecond(), ignoresShutdown);
    }

    Workload ignoringShutdown(boolean ignores) {
        return new Workload(residentPages, workingSetPages, bytesPerSecond, ignores);
    }

    private static int pages(long mib) {
        return Math.toIntExact((mib << 20) / PAGE_BYTES);
    }

    private static long number(String field, String value, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(field, value, most);
        }
        throw refused(field, value, most);
    }

    private static InvalidRequest refused(String field, String value, long most) {
        return new InvalidRequest(
                field, value, "must be a whole number from 0 to " + most, "Give mebibytes within that range");
    }

    private static boolean flag(String field, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new InvalidRequest(field, value, "must be true or false", "Give one of these");
        }
        return value.equals("true");
    }
}
