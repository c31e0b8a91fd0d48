package io.gantry.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.MigrationCalls;
import io.gantry.error.Conflict;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GuestMarksTest {
    private static final UUID ID = UUID.randomUUID();
    private static final OperationId OPERATION = OperationId.random();
    private static final GuestMark MARK = new GuestMark("web", OPERATION, 5);

    private final List<String> writes = new ArrayList<>();
    private boolean refuseLive;
    private Optional<JobStatistics> job = Optional.empty();

    private LibvirtPort port() {
        DomainCalls domains = proxy(DomainCalls.class, (method, arguments) -> {
            boolean live = (Boolean) arguments[1];
            if (live && refuseLive) {
                throw new LibvirtError(LibvirtError.OPERATION_INVALID, 0, "domain is not running");
            }
            writes.add((live ? "live " : "off ")
                    + GuestMark.parse((String) arguments[2]).epoch());
            return null;
        });
        MigrationCalls jobs = proxy(MigrationCalls.class, (method, arguments) -> job);
        return proxy(LibvirtPort.class, (method, arguments) -> method.equals("domains") ? domains : jobs);
    }

    private interface Answer {
        @org.jspecify.annotations.Nullable
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private static CallContext call(OperationId operation, long epoch) {
        return new CallContext(operation, epoch, Duration.ofSeconds(1));
    }

    private static DomainStatus domain(int state) {
        return new DomainStatus(ID, "x", state, 0, false);
    }

    @Test
    void aLowerEpochIsRefusedWhateverTheOperation() {
        InstanceId id = new InstanceId(ID);
        assertThrows(Conflict.class, () -> GuestMarks.check(MARK, call(OPERATION, 4), id));
        assertThrows(Conflict.class, () -> GuestMarks.check(MARK, call(OperationId.random(), 4), id));
        GuestMarks.check(MARK, call(OPERATION, 5), id);
        GuestMarks.check(MARK, call(OperationId.random(), 6), id);
    }

    @Test
    void aMarkIsWrittenOnlyIfItChanges() {
        GuestMarks.record(port(), MARK, call(OPERATION, 5), domain(DomainStatus.RUNNING));
        GuestMarks.record(port(), MARK, call(OPERATION, 5), domain(DomainStatus.SHUTOFF));
        GuestMarks.record(port(), MARK, call(OperationId.random(), 5), domain(DomainStatus.RUNNING));
        assertEquals(List.of(), writes);
        GuestMarks.record(port(), MARK, call(OperationId.random(), 5), domain(DomainStatus.SHUTOFF));
        GuestMarks.record(port(), MARK, call(OPERATION, 6), domain(DomainStatus.PAUSED));
        assertEquals(List.of("off 5", "live 6"), writes);
    }

    @Test
    void nobodyWaitsForAMigrationToEnd() {
        job = Optional.of(new JobStatistics(Map.of("operation", 5L)));
        assertThrows(
                Conflict.class,
                () -> GuestMarks.record(port(), MARK, call(OPERATION, 6), domain(DomainStatus.RUNNING)));
        GuestMarks.record(port(), MARK, call(OPERATION, 5), domain(DomainStatus.RUNNING));
        assertEquals(List.of(), writes);
        job = Optional.of(new JobStatistics(Map.of("operation", 9L)));
        GuestMarks.record(port(), MARK, call(OPERATION, 6), domain(DomainStatus.RUNNING));
        assertEquals(List.of("live 6"), writes, "a backup keeps nobody");
    }

    @Test
    void aGuestThatGoesOffMeanwhileIsMarkedAllTheSame() {
        refuseLive = true;
        GuestMarks.record(port(), MARK, call(OPERATION, 6), domain(DomainStatus.RUNNING));
        assertEquals(List.of("off 6"), writes);
    }
}
