package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.spi.driver.MigrationOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this driver's source tells its target beside the domain XML.
 *
 * @param host the source's id
 * @param storageId names the source's storage, if that is shared
 * @param migratesSafely whether the source's emulator loses no memory
 * @param files paths of the files that the guest uses
 */
record OfferFacts(String host, Optional<String> storageId, boolean migratesSafely, List<String> files) {
    private static final String HOST = "host";
    private static final String STORAGE_ID = "storage.id";
    private static final String SAFE = "migrates-safely";
    private static final String FILES = "files";

    Map<String, String> toMap() {
        return Map.of(
                HOST, host,
                STORAGE_ID, storageId.orElse(""),
                SAFE, Boolean.toString(migratesSafely),
                FILES, String.join("\n", files));
    }

    static OfferFacts of(MigrationOffer offer) {
        Map<String, String> facts = offer.facts();
        return new OfferFacts(
                facts.getOrDefault(HOST, ""),
                Optional.of(facts.getOrDefault(STORAGE_ID, "")).filter(id -> !id.isEmpty()),
                Boolean.parseBoolean(facts.getOrDefault(SAFE, "false")),
                facts.getOrDefault(FILES, "").lines().toList());
    }

    /** {@return the files that a running domain uses: its disks with what they are based on, kernel and RAM disk} */
    static List<String> files(XmlNode domain) {
        List<String> files = new ArrayList<>();
        for (XmlNode disk : domain.descendants("disk")) {
            disk.descendants("source").stream()
                    .map(source -> source.attribute("file"))
                    .flatMap(Optional::stream)
                    .forEach(files::add);
        }
        Stream.of("os/kernel", "os/initrd")
                .map(domain::find)
                .flatMap(Optional::stream)
                .map(XmlNode::text)
                .forEach(files::add);
        return files;
    }
}
