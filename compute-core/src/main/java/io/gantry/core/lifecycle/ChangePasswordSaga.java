package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.ComputeException;
import io.gantry.error.InvalidState;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PasswordChangeInterrupted;
import io.gantry.instance.PowerState;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.util.List;

/**
 * Has the agent in a guest set a password. The request, which the journal keeps, has all but the password: whoever carries
 * the operation on without it fails, and says whether the password may have been changed.
 */
final class ChangePasswordSaga extends InstanceSaga<Instance> {
    /** Bound on the agent's answer. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private final PasswordsInHand passwords;
    private boolean found;

    /**
     * What is asked.
     *
     * @param id the instance
     */
    record Request(InstanceId id) {}

    ChangePasswordSaga(Services services, PasswordsInHand passwords, Request request) {
        super(services, Verb.CHANGE_PASSWORD.word(), request.id());
        this.passwords = passwords;
    }

    @Override
    public List<Step> steps() {
        return List.of(onHost("find-guest", this::find), onHost("set-password", this::set));
    }

    private void find(StepContext context) {
        if (!passwords.has(context.operation())) {
            throw new PasswordChangeInterrupted(id.ref(), false);
        }
        PowerState power = PowerSteps.power(connection(context), id);
        if (power != PowerState.RUNNING) {
            throw new InvalidState(
                    id.ref(), Verb.CHANGE_PASSWORD.word(), power.name(), List.of(PowerState.RUNNING.name()));
        }
        found = true;
    }

    private void set(StepContext context) {
        if (!found) {
            throw new PasswordChangeInterrupted(id.ref(), true);
        }
        AdminPassword password =
                passwords.take(context.operation()).orElseThrow(() -> new PasswordChangeInterrupted(id.ref(), false));
        connection(context)
                .setUserPassword(context.call(ANSWER), id, row().boot().image().adminUser(), password);
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(tx, id, InstanceRow.Edit::free).instance();
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        super.fail(tx, context, failure, undone);
        passwords.take(context.operation());
    }
}
