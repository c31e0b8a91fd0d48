package io.gantry.core.operation;

import io.gantry.core.state.FailureRow;
import io.gantry.core.state.Json;
import io.gantry.core.state.OperationRow;
import io.gantry.error.ComputeException;
import io.gantry.error.RecordedFailure;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.instance.PasswordChangeInterrupted;
import io.gantry.migration.MigrationFailed;
import io.gantry.migration.MigrationPhase;
import io.gantry.operation.DeadlineExceeded;
import io.gantry.operation.OperationCancelled;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.quota.QuotaExceeded;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes failures into the journal and reads them again, with their kind where a kind tells more than its texts. */
final class Failures {
    private static final String KIND = "kind";

    private final Json json;

    Failures(Json json) {
        this.json = json;
    }

    FailureRow row(ComputeException failure) {
        return new FailureRow(
                failure.code(),
                failure.retryable(),
                failure.resource(),
                failure.problem(),
                failure.remediation(),
                details(failure));
    }

    private Map<String, String> details(ComputeException failure) {
        Map<String, String> details = new TreeMap<>();
        details.put(KIND, failure.getClass().getSimpleName());
        if (failure instanceof NoValidHost none) {
            details.put("report", json.write(none.report()));
        } else if (failure instanceof MigrationFailed failed) {
            details.put("phase", failed.phase().name());
            details.put("reason", failed.reason());
            failed.whereTheGuestRuns().ifPresent(host -> details.put("where", host.value()));
        } else if (failure instanceof PasswordChangeInterrupted interrupted) {
            details.put("mayHaveChanged", Boolean.toString(interrupted.mayHaveChanged()));
        } else if (failure instanceof QuotaExceeded exceeded) {
            details.put("quota", exceeded.quota());
            details.put("limit", Long.toString(exceeded.limit()));
            details.put("used", Long.toString(exceeded.used()));
            details.put("asked", Long.toString(exceeded.asked()));
        }
        return details;
    }

    ComputeException failure(OperationRow operation) {
        FailureRow row = operation.failure().orElseThrow();
        Optional<ResourceRef> resource = row.resource();
        Map<String, String> details = row.details();
        return switch (details.getOrDefault(KIND, "")) {
            case "NoValidHost" ->
                new NoValidHost(resource.orElseThrow(), json.read(required(details, "report"), PlacementReport.class));
            case "MigrationFailed" ->
                new MigrationFailed(
                        resource.orElseThrow(),
                        MigrationPhase.valueOf(required(details, "phase")),
                        Optional.ofNullable(details.get("where"))
                                .map(HostId::of)
                                .orElse(null),
                        required(details, "reason"),
                        null);
            case "QuotaExceeded" ->
                new QuotaExceeded(
                        resource.orElseThrow(),
                        required(details, "quota"),
                        Long.parseLong(required(details, "limit")),
                        Long.parseLong(required(details, "used")),
                        Long.parseLong(required(details, "asked")));
            case "PasswordChangeInterrupted" ->
                new PasswordChangeInterrupted(
                        resource.orElseThrow(), Boolean.parseBoolean(required(details, "mayHaveChanged")));
            case "OperationCancelled" -> new OperationCancelled(operation.id(), operation.verb());
            case "DeadlineExceeded" -> new DeadlineExceeded(operation.id(), operation.verb());
            default ->
                new RecordedFailure(
                        row.code(), row.retryable(), resource.orElse(null), row.problem(), row.remediation());
        };
    }

    private static String required(Map<String, String> details, String name) {
        String value = details.get(name);
        if (value == null) {
            throw new IllegalArgumentException("A recorded failure lacks its " + name);
        }
        return value;
    }
}
