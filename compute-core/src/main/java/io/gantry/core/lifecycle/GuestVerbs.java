package io.gantry.core.lifecycle;

import io.gantry.core.state.InstanceRow;
import io.gantry.error.Unsupported;
import io.gantry.host.HostId;
import io.gantry.identity.Action;
import io.gantry.image.Image;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verbs that turn to what runs in an instance, and what is known of it. */
final class GuestVerbs {
    /** How long a password is kept at most, if the request sets no deadline. */
    private static final Duration IN_HAND = Duration.ofHours(1);

    private final Services services;
    private final VerbRegistry verbs;
    private final Asking asking;

    GuestVerbs(Services services, VerbRegistry verbs, Asking asking) {
        this.services = services;
        this.verbs = verbs;
        this.asking = asking;
    }

    Operation<Instance> triggerCrashDump(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.crashDump,
                Verb.TRIGGER_CRASH_DUMP,
                id,
                id,
                options,
                new CrashDumpSaga.Request(id),
                Asking.Extra.NONE);
    }

    Operation<Instance> changePassword(InstanceId id, AdminPassword password, RequestOptions options) {
        Handing handing = new Handing(password, options);
        OperationId accepted = null;
        try {
            Operation<Instance> operation = asking.submit(
                    verbs.changePassword,
                    Verb.CHANGE_PASSWORD,
                    id,
                    id,
                    options,
                    new ChangePasswordSaga.Request(id),
                    handing);
            accepted = operation.id();
            return operation;
        } finally {
            handing.keepOnly(accepted);
        }
    }

    /** Hands a password over to the operation that is accepted. An acceptance may be tried several times. */
    private final class Handing implements Asking.Extra {
        private final AdminPassword password;
        private final Duration until;
        private final List<OperationId> handed = new ArrayList<>();

        Handing(AdminPassword password, RequestOptions options) {
            this.password = password;
            this.until = options.deadline().orElse(IN_HAND);
        }

        @Override
        public void accept(Transaction tx, InstanceRow before) {
            Image image = before.boot().image();
            if (!image.hasGuestAgent()) {
                throw new Unsupported(
                        before.instance().id().ref(),
                        DriverCapability.SET_USER_PASSWORD.name(),
                        "its image " + image.name() + " does not say that it has a guest agent",
                        "Rebuild it from an image with qemu-guest-agent and the property " + Image.HW_QEMU_GUEST_AGENT
                                + "=yes");
            }
            var unused = image.adminUser(); // which refuses what is no name
        }

        @Override
        public void accepted(OperationId operation) {
            Instant now = services.clock().instant();
            handed.add(operation);
            verbs.passwords.put(operation, password, now, now.plus(until));
        }

        void keepOnly(@Nullable OperationId accepted) {
            handed.stream().filter(id -> !id.equals(accepted)).forEach(verbs.passwords::take);
        }
    }

    InstanceDiagnostics diagnostics(InstanceId id) {
        Instance instance = services.state().read(tx -> {
            InstanceRow row = asking.visible(tx, id).value();
            asking.require(Action.INSTANCE_DIAGNOSTICS, row);
            return row.instance();
        });
        HostId host = Asking.requireHost(instance, "read the diagnostics of");
        return services.hosts().connection(host).diagnostics(id);
    }
}
