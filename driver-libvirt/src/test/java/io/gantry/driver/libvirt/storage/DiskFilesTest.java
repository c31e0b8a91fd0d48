package io.gantry.driver.libvirt.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFilesTest {
    private static final InstanceId GUEST = InstanceId.of("11111111-2222-3333-4444-555555555555");

    private static CallContext context(long epoch) {
        return new CallContext(OperationId.random(), epoch, Duration.ofSeconds(1));
    }

    @Property(tries = 200)
    void aNameIsReadAsItWasWritten(
            @ForAll @CharRange(from = 'a', to = 'z') @Chars({'-', '0', '9'}) @StringLength(min = 1, max = 63)
                    String name,
            @ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long epoch) {
        CallContext context = context(epoch);
        for (DiskFile disk :
                List.of(DiskFile.first(GUEST), DiskFile.root(GUEST, context), DiskFile.copy(GUEST, name, context))) {
            assertEquals(Optional.of(disk), DiskFile.parse(disk.volume()));
            assertTrue(disk.rootMark(context).length() <= 255, "a file system takes it");
            assertEquals(Optional.empty(), DiskFile.parse(disk.partMark()));
            assertEquals(Optional.empty(), DiskFile.parse(disk.rootMark(context)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11111111-2222-3333-4444-555555555555.console.log",
                "11111111-2222-3333-4444-555555555555.rescue.qcow2",
                "11111111-2222-3333-4444-555555555555.copy-.qcow2",
                "11111111-2222-3333-4444-555555555555.copy-A.qcow2",
                "11111111-2222-3333-4444-555555555555.e1-x.qcow2",
                "11111111-2222-3333-4444.qcow2",
                "web-1.qcow2",
            })
    void otherFilesAreNoDisks(String name) {
        assertEquals(Optional.empty(), DiskFile.parse(name));
        assertEquals(List.of(), new DiskFiles(List.of(name)).all());
    }

    @Test
    void theRootDiskIsThatOfTheLatestOperationThatIsWhole() {
        DiskFile first = DiskFile.first(GUEST);
        DiskFile rebuilt = DiskFile.root(GUEST, context(4));
        DiskFile copy = DiskFile.copy(GUEST, "c", context(5));
        DiskFile part = DiskFile.root(GUEST, context(9));
        List<String> volumes = new ArrayList<>(List.of(first.volume()));
        assertEquals(Optional.of(first), new DiskFiles(volumes).root(GUEST));
        volumes.add(rebuilt.volume());
        assertEquals(Optional.of(rebuilt), new DiskFiles(volumes).root(GUEST));
        volumes.addAll(List.of(part.volume(), part.partMark(), copy.volume()));
        DiskFiles files = new DiskFiles(volumes);
        assertEquals(Optional.of(rebuilt), files.root(GUEST), "neither a part nor a copy");
        assertFalse(files.isWhole(part));
        assertFalse(files.isRoot(copy));

        CallContext restore = context(10);
        volumes.add(copy.rootMark(restore));
        files = new DiskFiles(volumes);
        assertEquals(Optional.of(copy), files.root(GUEST));
        assertTrue(files.isRoot(copy));
        assertEquals(Optional.of(restore.operation()), files.restoredBy(copy));
        assertEquals(List.of(copy.volume(), copy.rootMark(restore)), files.withMarks(copy));
        assertEquals(List.of(part.volume(), part.partMark()), files.withMarks(part), "the mark goes last");
        assertEquals(Optional.empty(), files.root(InstanceId.random()));
    }
}
