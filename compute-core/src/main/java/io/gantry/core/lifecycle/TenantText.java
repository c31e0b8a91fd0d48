package io.gantry.core.lifecycle;

import io.gantry.error.ComputeException;
import io.gantry.error.RecordedFailure;
import io.gantry.error.ResourceRef;
import io.gantry.placement.NoValidHost;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** What a tenant reads of a failure whose own words speak of hosts. */
final class TenantText {
    private static final Set<String> OF_HOSTS = Set.of(
            "HOST_UNREACHABLE",
            "OUTCOME_UNKNOWN",
            "HYPERVISOR_ERROR",
            "MIGRATION_FAILED",
            "NO_VALID_HOST",
            "UNSUPPORTED",
            "UNEXPECTED_FAILURE");
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("NO_VALID_HOST", "No host can take the instance at present"),
            Map.entry("HOST_UNREACHABLE", "The instance's host did not answer; try again later"),
            Map.entry(
                    "OUTCOME_UNKNOWN", "The instance's host did not answer; look at the instance before trying again"),
            Map.entry("HYPERVISOR_ERROR", "The hypervisor could not do what was asked"),
            Map.entry("MIGRATION_FAILED", "The instance could not be moved"),
            Map.entry("GUEST_CRASHED", "The guest ended unexpectedly"),
            Map.entry("GUEST_MISSING", "The guest is gone"),
            Map.entry("GUEST_AGENT_UNAVAILABLE", "The guest's agent did not answer"),
            Map.entry("PASSWORD_CHANGE_INTERRUPTED", "The change of the password was interrupted; change it again"),
            Map.entry("OPERATION_CANCELLED", "The operation was cancelled"),
            Map.entry("DEADLINE_EXCEEDED", "The operation did not end by its deadline"),
            Map.entry("QUOTA_EXCEEDED", "The project's quota does not admit it"));

    private static final String REMEDY = "Try again later; if it stays so, ask whoever runs the cloud";

    private TenantText() {}

    /** {@return a failure without what hosts say of themselves: itself if it does not speak of them} */
    static ComputeException of(ComputeException failure, ResourceRef resource) {
        if (failure instanceof NoValidHost) {
            return new NoValidHost(resource);
        }
        boolean plain = failure.resource().filter(TenantText::isInside).isEmpty()
                && !OF_HOSTS.contains(failure.code())
                && failure.getCause() == null
                && Arrays.stream(failure.getSuppressed()).noneMatch(ComputeException.class::isInstance);
        return plain
                ? failure
                : new RecordedFailure(failure.code(), failure.retryable(), resource, of(failure.code()), REMEDY);
    }

    private static boolean isInside(ResourceRef resource) {
        return resource.kind().equals("host") || resource.kind().equals("provider");
    }

    static String of(String code) {
        return TEXTS.getOrDefault(code, "The operation failed (" + code + ")");
    }
}
