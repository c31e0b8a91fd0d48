package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestStates;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.topology.GuestLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for what keeps a guest from running on a host. */
final class TargetChecks {
    private final KvmHost host;
    private final KvmProfile profile;
    private final LibvirtPort port;

    TargetChecks(KvmHost host, KvmProfile profile, LibvirtPort port) {
        this.host = host;
        this.profile = profile;
        this.port = port;
    }

    List<String> refusals(MigrationOffer offer) {
        List<String> reasons = new ArrayList<>();
        OfferFacts facts = OfferFacts.of(offer);
        String id = host.libvirt().id();
        if (host.properties().migrationUri().isEmpty()) {
            reasons.add("Host " + id + " has no property migration.uri, so other hosts cannot reach its daemon.");
        }
        if (!facts.migratesSafely()) {
            reasons.add("The guest runs by software emulation (TCG), and the emulator of host " + facts.host()
                    + " may lose its memory in a migration: QEMU before 9.0 does; property tcg.migration-safe declares"
                    + " one that does not.");
        }
        host.lifecycle()
                .find(port, offer.guest())
                .filter(domain -> !GuestStates.isLeftOver(domain))
                .ifPresent(domain -> reasons.add("Host " + id + " has this guest already."));
        if (!offer.hypervisorType().equals(profile.type())) {
            reasons.add("The guest needs hypervisor type " + offer.hypervisorType() + ", host " + id + " has "
                    + profile.type() + ".");
        } else {
            hypervisor(offer, reasons);
        }
        storage(facts, reasons);
        DomainLayout guest = DomainLayout.parse(offer.description());
        devices(offer, guest, reasons);
        // Before the claim nobody knows where the guest will be: it is checked when the host is made ready.
        if (!offer.layout().equals(GuestLayout.ANYWHERE)) {
            layout(offer, guest, reasons);
        }
        return reasons;
    }

    private static void devices(MigrationOffer offer, DomainLayout guest, List<String> reasons) {
        List<String> devices = guest.deviceNames();
        if (!devices.isEmpty() || !offer.layout().devices().isEmpty()) {
            reasons.add("The guest has devices of its host, which cannot follow it while it runs: "
                    + (devices.isEmpty() ? offer.layout().devices() : devices) + ".");
        }
    }

    private void layout(MigrationOffer offer, DomainLayout guest, List<String> reasons) {
        String id = host.libvirt().id();
        List<String> cells =
                DomainLayout.parse(new LayoutXml(offer.layout()).domain()).cells();
        if (!cells.equals(guest.cells())) {
            reasons.add(
                    "The guest sees NUMA cells " + guest.cells() + ", and would see " + cells + " on host " + id + ".");
        }
        if (!offer.layout().equals(GuestLayout.ANYWHERE)) {
            try {
                new LayoutChecks(id, host.topology(port)).requirePossible(offer.layout());
            } catch (InvalidRequest e) {
                reasons.add("The guest's layout is not possible: " + e.getMessage() + ".");
            }
        }
    }

    /** @throws Conflict if the guest cannot have its layout here, or not while it runs */
    void requireLayout(MigrationOffer offer) {
        List<String> reasons = new ArrayList<>();
        DomainLayout guest = DomainLayout.parse(offer.description());
        devices(offer, guest, reasons);
        layout(offer, guest, reasons);
        if (!reasons.isEmpty()) {
            throw new Conflict(offer.guest().ref(), String.join(" ", reasons), "Choose another host or another layout");
        }
    }

    private void hypervisor(MigrationOffer offer, List<String> reasons) {
        String id = host.libvirt().id();
        if (KvmProfile.versionNumber(offer.hypervisorVersion()) > profile.version()) {
            reasons.add("The guest runs on hypervisor version " + offer.hypervisorVersion() + ", and host " + id
                    + " has the older " + profile.versionText() + ".");
        }
        XmlNode domain = XmlNode.parse(offer.description());
        Optional<XmlNode> type = domain.find("os/type");
        String architecture = type.flatMap(os -> os.attribute("arch")).orElse(profile.architecture());
        String machine = type.flatMap(os -> os.attribute("machine")).orElse("");
        if (!architecture.equals(profile.architecture())) {
            reasons.add("The guest's architecture is " + architecture + ", that of host " + id + " is "
                    + profile.architecture() + ".");
            return;
        }
        try {
            port.host().domainCapabilities(profile.emulator(), architecture, machine, profile.type());
        } catch (LibvirtError e) {
            reasons.add("Host " + id + " does not know the guest's machine type " + machine + ": " + e.text() + ".");
            return;
        }
        domain.find("cpu").filter(cpu -> profile.isKvm()).ifPresent(cpu -> cpu(cpu, machine, reasons));
    }

    private void cpu(XmlNode cpu, String machine, List<String> reasons) {
        String id = host.libvirt().id();
        try {
            if (!port.host()
                    .canRunCpu(profile.emulator(), profile.architecture(), machine, profile.type(), cpu.toXml())) {
                reasons.add("The processor of host " + id + " lacks features that the guest's has.");
            }
        } catch (LibvirtError e) {
            reasons.add("Host " + id + " cannot run the guest's processor: " + e.text() + ".");
        }
    }

    private void storage(OfferFacts facts, List<String> reasons) {
        String id = host.libvirt().id();
        if (facts.storageId().isEmpty()
                || !facts.storageId().equals(host.properties().storageId())) {
            reasons.add("Hosts " + facts.host() + " and " + id
                    + " do not share storage: their properties storage.id are " + shown(facts.storageId()) + " and "
                    + shown(host.properties().storageId()) + ".");
            return;
        }
        List<String> missing = host.storage().missing(port, facts.files());
        if (!missing.isEmpty()) {
            reasons.add("Host " + id + " does not see the guest's files " + missing + ", although its storage.id "
                    + facts.storageId().get() + " says so.");
        }
    }

    /** {@return whether the guest's files here are those of the source} */
    boolean sameFiles(OfferFacts facts) {
        return facts.storageId().isPresent()
                && facts.storageId().equals(host.properties().storageId())
                && !facts.files().isEmpty()
                && host.storage().missing(port, facts.files()).isEmpty();
    }

    private static String shown(Optional<String> storageId) {
        return storageId.map(value -> "'" + value + "'").orElse("not set");
    }
}
