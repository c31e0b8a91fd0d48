package io.gantry.lab;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a guest tells every second.
 *
 * @param seq number of this heartbeat since the guest's boot, from 0
 * @param name the guest's name, as on its kernel command line
 * @param bootId random for each boot: the same one means that the guest has not been rebooted
 * @param uptime seconds since boot
 * @param workingSet MiB of memory the guest keeps writing and checking
 * @param dirtied MiB written so far
 * @param errs pages found lost or stale when they were to be overwritten
 * @param disks the counters on the guest's disks by device name, vda first
 */
public record Heartbeat(
        long seq,
        String name,
        String bootId,
        double uptime,
        long workingSet,
        long dirtied,
        long errs,
        Map<String, DiskCounter> disks) {
    private static final String PREFIX = "HB ";
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(\\S+)");
    private static final Pattern DISK = Pattern.compile("vd[a-z]+");

    /**
     * A counter the guest keeps on a disk that was blank when the guest saw it first.
     *
     * @param count times it was written
     * @param errs times it could not be read, was not written, or did not hold what had been written
     */
    public record DiskCounter(long count, long errs) {}

    /** Makes the disks immutable. */
    public Heartbeat {
        disks = Collections.unmodifiableMap(new TreeMap<>(disks));
    }

    /** The counter on vda; 0 without that disk. */
    public long diskCount() {
        DiskCounter vda = disks.get("vda");
        return vda == null ? 0 : vda.count();
    }

    /** Errors on all disks. */
    public long diskErrs() {
        return disks.values().stream().mapToLong(DiskCounter::errs).sum();
    }

    /** The heartbeat in a line of the console, if it is one. A cut-off line is none. */
    static Optional<Heartbeat> parse(String line) {
        int start = line.lastIndexOf(PREFIX + "seq="); // the guest before may have been cut off in its line
        return start < 0 ? Optional.empty() : parseFields(line.substring(start + PREFIX.length()));
    }

    private static Optional<Heartbeat> parseFields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Matcher field = FIELD.matcher(text); field.find(); ) {
            fields.put(field.group(1), field.group(2));
        }
        try {
            Map<String, DiskCounter> disks = new LinkedHashMap<>();
            fields.forEach((key, value) -> {
                if (DISK.matcher(key).matches()) {
                    int slash = value.indexOf('/');
                    disks.put(
                            key,
                            new DiskCounter(
                                    Long.parseLong(value.substring(0, slash)),
                                    Long.parseLong(value.substring(slash + 1))));
                }
            });
            return Optional.of(new Heartbeat(
                    number(fields, "seq"),
                    fields.getOrDefault("name", ""),
                    fields.getOrDefault("boot", ""),
                    Double.parseDouble(fields.getOrDefault("up", "")),
                    number(fields, "ws"),
                    number(fields, "dirtied"),
                    number(fields, "errs"),
                    disks));
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static long number(Map<String, String> fields, String key) {
        return Long.parseLong(fields.getOrDefault(key, ""));
    }
}
