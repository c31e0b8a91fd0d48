package io.gantry.driver.libvirt.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.topology.HostCell;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCellsTest {
    private static String capabilities(String name) throws IOException {
        try (InputStream in = HostCellsTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static MemorySize kib(long kib) {
        return new MemorySize(kib << 10);
    }

    @Test
    void aSmallMachineIsOneCell() throws IOException {
        assertEquals(
                List.of(new HostCell(
                        0,
                        0,
                        List.of(Set.of(0), Set.of(1)),
                        kib(12806348),
                        4,
                        Map.of(2048, 0L, 1048576, 0L),
                        Set.of())),
                HostCells.read(capabilities("one-cell.xml")));
    }

    @Test
    void coresHaveThreadsAndMemoryIsWithoutHugePages() throws IOException {
        assertEquals(
                List.of(
                        new HostCell(
                                0,
                                0,
                                List.of(Set.of(0, 4), Set.of(1, 5)),
                                MemorySize.gib(10),
                                4,
                                Map.of(2048, 1024L, 1048576, 4L),
                                Set.of()),
                        new HostCell(
                                1,
                                1,
                                List.of(Set.of(2, 6), Set.of(3)), // CPU 7 is offline
                                MemorySize.gib(16),
                                4,
                                Map.of(2048, 0L, 1048576, 0L),
                                Set.of())),
                HostCells.read(capabilities("two-sockets.xml")));
    }

    /** Cell 1 is memory only, that of a device perhaps; all CPUs of cell 3 are offline. */
    @Test
    void cellsWithoutCpusAreLeftOutAndThoseWithoutMemoryAreNot() throws IOException {
        assertEquals(
                List.of(
                        new HostCell(0, 0, List.of(Set.of(0, 1)), MemorySize.gib(8), 64, Map.of(), Set.of()),
                        new HostCell(2, 1, List.of(Set.of(2)), MemorySize.ZERO, 64, Map.of(), Set.of()),
                        new HostCell(4, 1, List.of(Set.of(5)), MemorySize.ZERO, 64, Map.of(), Set.of())),
                HostCells.read(capabilities("odd-cells.xml")));
    }

    @ParameterizedTest
    @CsvSource({
        "<capabilities><host/></capabilities>",
        "<capabilities><host><topology/></host></capabilities>",
        "<capabilities><host><topology><cells num='0'/></topology></host></capabilities>",
    })
    void aHostWithoutCellsIsUnknown(String xml) {
        assertEquals(List.of(), HostCells.read(xml));
    }

    @Test
    void moreCellsThanCanBeToldAreUnknownRatherThanHalfKnown() {
        assertEquals(16, HostCells.read(cells(16)).size());
        assertEquals(List.of(), HostCells.read(cells(17)));
    }

    private static String cells(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> "<cell id='" + n + "'><cpus><cpu id='" + n + "' socket_id='0' siblings='" + n
                        + "'/></cpus></cell>")
                .collect(Collectors.joining(
                        "", "<capabilities><host><topology><cells>", "</cells></topology></host></capabilities>"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "siblings='1' | siblings='1,0' | they are threads of one core",
                "siblings='1' | siblings='1-' | a set of CPUs",
                "siblings='1' | siblings='2-1' | a set of CPUs",
                "siblings='1' | siblings='0-99999999' | a set of CPUs",
                "siblings='1' | siblings='' | a set of CPUs",
                "<cpu id='1' | <cpu id='0' | a CPU twice",
                "<cpu id='1' | <cpu id='-1' | for a number",
                "<cpu id='1' | <cpu id='one' | for a number",
                "<cpu id='1' | <cpu | no attribute id",
                "<cell id='0' | <cell | no attribute id",
                "<cell id='0' | <cell id='99999999999' | for a number",
                "socket_id='0' | socket_id='-2' | for a number",
                "'4'>3201587< | '4'>3201587 pages< | for a number",
                "'4'>3201587< | '4'>9223372036854775807< | overflow",
                "'4'>3201587< | '0'>3201587< | at least 1",
                "unit='KiB' | unit='MiB' | is in MiB",
                "<host> | <guest> | not a well-formed",
                "<capabilities> | <capabilities>& | not a well-formed",
            })
    void whatIsMalformedIsRefusedWithItsReason(String part, String instead, String reason) throws IOException {
        String good = capabilities("one-cell.xml");
        assertTrue(good.contains(part), part);
        LibvirtError refused = assertThrows(LibvirtError.class, () -> HostCells.read(good.replace(part, instead)));
        assertEquals(LibvirtError.INTERNAL_ERROR, refused.code());
        assertTrue(refused.text().contains(reason), refused::text);
    }

    @Test
    void aCpuOfTwoCellsIsRefused() throws IOException {
        String twice = capabilities("two-sockets.xml")
                .replace("<cpu id='3' ", "<cpu id='1' ")
                .replace("siblings='3'", "siblings='1'");
        LibvirtError refused = assertThrows(LibvirtError.class, () -> HostCells.read(twice));
        assertTrue(refused.text().contains("is there twice"), refused::text);
    }
}
