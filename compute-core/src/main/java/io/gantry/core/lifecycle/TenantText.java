package io.gantry.core.lifecycle;

import java.util.Map;

/** What a tenant reads of a failure whose own words speak of hosts. */
final class TenantText {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("NO_VALID_HOST", "There is no room for the instance at present"),
            Map.entry("HOST_UNREACHABLE", "The instance's host did not answer; try again later"),
            Map.entry(
                    "OUTCOME_UNKNOWN", "The instance's host did not answer; look at the instance before trying again"),
            Map.entry("HYPERVISOR_ERROR", "The hypervisor could not do what was asked"),
            Map.entry("MIGRATION_FAILED", "The instance could not be moved"),
            Map.entry("GUEST_CRASHED", "The guest ended unexpectedly"),
            Map.entry("GUEST_MISSING", "The guest is gone"),
            Map.entry("OPERATION_CANCELLED", "The operation was cancelled"),
            Map.entry("DEADLINE_EXCEEDED", "The operation did not end by its deadline"),
            Map.entry("QUOTA_EXCEEDED", "The project's quota does not admit it"));

    private TenantText() {}

    static String of(String code) {
        return TEXTS.getOrDefault(code, "The operation failed (" + code + ")");
    }
}
