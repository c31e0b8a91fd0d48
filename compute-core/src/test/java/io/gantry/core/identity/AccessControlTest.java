package io.gantry.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Forbidden;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.spi.identity.AccessPolicy;
import io.gantry.tck.AccessPolicyContract;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every role and action, in the caller's own project and in another one, against the table in the guide. */
final class AccessControlTest extends AccessPolicyContract {
    private static final ProjectId OWN = ProjectId.of("own");
    private static final ProjectId OTHER = ProjectId.of("other");
    private static final ResourceRef REF = new ResourceRef("instance", "i-1");

    private final AccessControl control = new AccessControl(RolePolicy.defaults());

    @Override
    protected AccessPolicy policy() {
        return RolePolicy.defaults();
    }

    private static Caller caller(Role role) {
        return new Caller(OWN, UserId.of("user"), role);
    }

    @TestFactory
    Stream<DynamicTest> theTableHolds() throws IOException {
        Map<PermissionsPage.Cell, Boolean> table = PermissionsPage.read(Files.readString(PermissionsPage.PATH));
        assertEquals(Action.values().length * Role.values().length * 2, table.size(), "cells of the table");
        return table.entrySet().stream().map(entry -> {
            PermissionsPage.Cell cell = entry.getKey();
            return DynamicTest.dynamicTest(cell.toString(), () -> assertHolds(cell, entry.getValue()));
        });
    }

    private void assertHolds(PermissionsPage.Cell cell, boolean allowed) {
        Optional<ProjectId> owner = Optional.of(cell.inOwnProject() ? OWN : OTHER);
        Runnable call = () -> control.require(caller(cell.role()), cell.action(), REF, owner);
        assertEquals(allowed, control.permits(caller(cell.role()), cell.action(), owner));
        if (allowed) {
            call.run();
        } else if (cell.inOwnProject()) {
            Forbidden refusal = assertThrows(Forbidden.class, call::run);
            String needed = RolePolicy.word(RolePolicy.defaults().least(cell.action()));
            assertTrue(refusal.getMessage().contains("role " + needed + " is needed"), refusal::getMessage);
            assertTrue(refusal.getMessage().contains(cell.action().word()), refusal::getMessage);
        } else {
            NotFound refusal = assertThrows(NotFound.class, call::run);
            NotFound truth = new NotFound(REF, "List the instances with compute.instances().list()");
            assertEquals(truth.getMessage(), refusal.getMessage(), "as if it did not exist");
            assertEquals(truth.resource(), refusal.resource());
            assertEquals(null, refusal.getCause());
        }
    }

    @Test
    void theLandmarksOfTheTableStand() {
        RolePolicy policy = RolePolicy.defaults();

        assertEquals(Role.READER, policy.least(Action.INSTANCE_READ));
        assertEquals(Role.READER, policy.least(Action.KEYPAIR));
        assertEquals(Role.MEMBER, policy.least(Action.INSTANCE_CREATE));
        assertEquals(Role.MEMBER, policy.least(Action.IMAGE_WRITE));
        assertEquals(Role.MANAGER, policy.least(Action.INSTANCE_LOCK_OVERRIDE));
        for (Action action : new Action[] {
            Action.INSTANCE_MIGRATE,
            Action.INSTANCE_LIVE_MIGRATE,
            Action.INSTANCE_EVACUATE,
            Action.INSTANCE_RESET_STATE,
            Action.INSTANCE_FORCE_DELETE,
            Action.INSTANCE_CREATE_ON_HOST,
            Action.INSTANCE_FORCE_HOST,
            Action.INSTANCE_READ_HOST,
            Action.HOST_READ,
            Action.HOST_WRITE,
            Action.QUOTA_WRITE,
            Action.FLAVOR_WRITE,
            Action.OPERATION_ADMIN,
            Action.AUDIT
        }) {
            assertEquals(Role.ADMIN, policy.least(action), action::word);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatBelongsToNoProjectIsRefusedByRole(Role role) {
        Runnable call =
                () -> control.require(caller(role), Action.HOST_WRITE, new ResourceRef("host", "h1"), Optional.empty());

        if (role == Role.ADMIN) {
            call.run();
        } else {
            assertThrows(Forbidden.class, call::run);
        }
    }

    @Test
    void anActionCanBeGivenToAnotherRole() {
        RolePolicy policy = RolePolicy.defaults()
                .with(Action.INSTANCE_LIVE_MIGRATE, Role.MANAGER)
                .with(Action.INSTANCE_DELETE, Role.MANAGER);
        AccessControl changed = new AccessControl(policy);

        assertTrue(changed.permits(caller(Role.MANAGER), Action.INSTANCE_LIVE_MIGRATE, Optional.of(OWN)));
        assertFalse(changed.permits(caller(Role.MANAGER), Action.INSTANCE_LIVE_MIGRATE, Optional.of(OTHER)));
        assertFalse(changed.permits(caller(Role.MEMBER), Action.INSTANCE_DELETE, Optional.of(OWN)));
        assertTrue(changed.permits(caller(Role.ADMIN), Action.INSTANCE_DELETE, Optional.of(OTHER)));
        assertEquals(Role.MEMBER, RolePolicy.defaults().least(Action.INSTANCE_DELETE), "the defaults stay");
    }

    @Test
    void kindsWithOtherWordsSayThem() {
        NotFound own = new NotFound(new ResourceRef("operation", "op-1"), "Look elsewhere");

        NotFound thrown = assertThrows(
                NotFound.class,
                () -> control.require(
                        caller(Role.MEMBER),
                        Action.INSTANCE_READ,
                        new ResourceRef("operation", "op-1"),
                        Optional.of(OTHER),
                        () -> own));

        assertEquals(own, thrown);
    }
}
