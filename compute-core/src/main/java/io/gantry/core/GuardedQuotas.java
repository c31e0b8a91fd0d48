package io.gantry.core;

import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.Quotas;
import java.util.Map;

/** The quotas as far as a caller may see and change them: its own project's for all, the others' for whoever may set them. */
final class GuardedQuotas implements Quotas {
    private static final ResourceRef DEFAULTS = new ResourceRef("quota", "defaults");

    private final Quotas guarded;
    private final Guard guard;
    private final Caller caller;

    GuardedQuotas(Quotas guarded, Guard guard, Caller caller) {
        this.guarded = guarded;
        this.guard = guard;
        this.caller = caller;
    }

    private void requireRead(ProjectId project) {
        guard.require(project.equals(caller.project()) ? Action.QUOTA_READ : Action.QUOTA_WRITE, project.ref());
    }

    @Override
    public Map<QuotaResource, Long> limits(ProjectId project) {
        requireRead(project);
        return guarded.limits(project);
    }

    @Override
    public Map<QuotaResource, Long> limits(ProjectId project, UserId user) {
        requireRead(project);
        return guarded.limits(project, user);
    }

    @Override
    public Map<QuotaResource, Long> usage(ProjectId project) {
        requireRead(project);
        return guarded.usage(project);
    }

    @Override
    public Map<QuotaResource, Long> usage(ProjectId project, UserId user) {
        requireRead(project);
        return guarded.usage(project, user);
    }

    @Override
    public void set(ProjectId project, Map<QuotaResource, Long> limits, boolean force) {
        guard.require(Action.QUOTA_WRITE, project.ref());
        guarded.set(project, limits, force);
    }

    @Override
    public void set(ProjectId project, UserId user, Map<QuotaResource, Long> limits, boolean force) {
        guard.require(Action.QUOTA_WRITE, project.ref());
        guarded.set(project, user, limits, force);
    }

    @Override
    public void clear(ProjectId project) {
        guard.require(Action.QUOTA_WRITE, project.ref());
        guarded.clear(project);
    }

    @Override
    public void clear(ProjectId project, UserId user) {
        guard.require(Action.QUOTA_WRITE, project.ref());
        guarded.clear(project, user);
    }

    @Override
    public Map<QuotaResource, Long> defaults() {
        guard.require(Action.QUOTA_READ, DEFAULTS);
        return guarded.defaults();
    }

    @Override
    public void setDefaults(Map<QuotaResource, Long> limits) {
        guard.require(Action.QUOTA_WRITE, DEFAULTS);
        guarded.setDefaults(limits);
    }

    @Override
    public void clearDefaults() {
        guard.require(Action.QUOTA_WRITE, DEFAULTS);
        guarded.clearDefaults();
    }
}
