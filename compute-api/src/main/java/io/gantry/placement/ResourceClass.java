package io.gantry.placement;

import io.gantry.error.InvalidRequest;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What kind of thing an inventory counts.
 *
 * @param name one of the constants' names, or {@code CUSTOM_} and up to 248 upper-case letters, digits and underscores
 */
public record ResourceClass(String name) implements Comparable<ResourceClass> {
    private static final Set<String> STANDARD = Set.of("VCPU", "PCPU", "MEMORY_MB", "DISK_MB");
    private static final Pattern CUSTOM = Pattern.compile("CUSTOM_[A-Z0-9_]{1,248}");

    /** Virtual CPUs. */
    public static final ResourceClass VCPU = new ResourceClass("VCPU");

    /** CPUs of the host that one guest has for itself: for dedicated vCPUs. */
    public static final ResourceClass PCPU = new ResourceClass("PCPU");

    /** Memory in MiB; {@code MB} is what the field calls it. */
    public static final ResourceClass MEMORY_MB = new ResourceClass("MEMORY_MB");

    /**
     * Disk space in MiB. OpenStack counts whole GiB, so that a 40 MiB test image is charged 1 GiB and up to 1 GiB of each
     * host is never used; here amounts are rounded up to the next MiB, and what a host has is rounded down.
     */
    public static final ResourceClass DISK_MB = new ResourceClass("DISK_MB");

    /**
     * Checks the form.
     *
     * @param name see the record
     * @throws InvalidRequest if it is neither a standard name nor a custom one
     */
    public ResourceClass {
        if (!STANDARD.contains(name) && !CUSTOM.matcher(name).matches()) {
            throw new InvalidRequest(
                    "resourceClass",
                    name,
                    "is neither VCPU, PCPU, MEMORY_MB, DISK_MB nor a custom class",
                    "Name custom classes CUSTOM_ and upper-case letters, digits and '_', such as 'CUSTOM_GPU'");
        }
    }

    /**
     * {@return the class with this name}
     *
     * @param name see the record
     * @throws InvalidRequest if it is neither a standard name nor a custom one
     */
    public static ResourceClass of(String name) {
        return new ResourceClass(name);
    }

    @Override
    public int compareTo(ResourceClass other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
