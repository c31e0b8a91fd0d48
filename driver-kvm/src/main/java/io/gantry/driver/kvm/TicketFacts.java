package io.gantry.driver.kvm;

import io.gantry.spi.driver.MigrationTicket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this driver's target tells its source.
 *
 * @param uri how the source's daemon reaches the target's
 * @param memoryUri where the memory goes, if the target's daemon is not to decide
 * @param emulator the target's emulator
 * @param layout how the guest is to be laid out there, as {@link LayoutXml#domain} writes it; none if as at the source
 * @param sameFiles whether the target has seen that it has the guest's files, on the same storage
 */
record TicketFacts(
        String uri, Optional<String> memoryUri, String emulator, Optional<String> layout, boolean sameFiles) {
    private static final String URI = "uri";
    private static final String MEMORY_URI = "memory-uri";
    private static final String EMULATOR = "emulator";
    private static final String LAYOUT = "layout";
    private static final String SAME_FILES = "same-files";

    Map<String, String> toMap() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(URI, uri);
        memoryUri.ifPresent(address -> facts.put(MEMORY_URI, address));
        facts.put(EMULATOR, emulator);
        layout.ifPresent(xml -> facts.put(LAYOUT, xml));
        facts.put(SAME_FILES, Boolean.toString(sameFiles));
        return facts;
    }

    static TicketFacts of(MigrationTicket ticket) {
        Map<String, String> facts = ticket.attributes();
        return new TicketFacts(
                facts.getOrDefault(URI, ""),
                Optional.ofNullable(facts.get(MEMORY_URI)),
                facts.getOrDefault(EMULATOR, ""),
                Optional.ofNullable(facts.get(LAYOUT)),
                Boolean.parseBoolean(facts.getOrDefault(SAME_FILES, "false")));
    }
}
