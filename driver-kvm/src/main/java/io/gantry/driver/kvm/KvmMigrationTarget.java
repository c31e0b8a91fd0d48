package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestStates;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.error.Conflict;
import io.gantry.error.Unsupported;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTicket;
import java.util.List;
import java.util.Optional;

/** A QEMU host as the target of migrations. */
final class KvmMigrationTarget implements MigrationTarget {
    private final KvmHost host;

    KvmMigrationTarget(KvmHost host) {
        this.host = host;
    }

    @Override
    public List<String> refusals(MigrationOffer offer) {
        KvmProfile profile = host.profile();
        return host.libvirt()
                .read("check guest " + offer.guest(), port -> new TargetChecks(host, profile, port).refusals(offer));
    }

    @Override
    public MigrationTicket prepare(CallContext context, MigrationOffer offer) {
        KvmProfile profile = host.profile();
        String uri = host.properties()
                .migrationUri()
                .orElseThrow(() -> new Unsupported(
                        HostId.of(host.libvirt().id()).ref(),
                        "LIVE_MIGRATION",
                        "it has no property migration.uri",
                        "Register it with a URI by which other hosts' daemons reach it"));
        boolean sameFiles = host.libvirt().change("prepare for guest " + offer.guest(), context.timeout(), port -> {
            removeLeftOver(port, context, offer.guest());
            if (host.lifecycle().find(port, offer.guest()).isPresent()) {
                throw new Conflict(
                        offer.guest().ref(),
                        offer.guest().ref() + " is on host " + host.libvirt().id() + " already",
                        "See on which of the two hosts it is to stay");
            }
            TargetChecks checks = new TargetChecks(host, profile, port);
            checks.requireLayout(offer);
            return checks.sameFiles(OfferFacts.of(offer));
        });
        TicketFacts ticket = new TicketFacts(
                uri,
                host.properties().memoryUri(),
                profile.emulator(),
                Optional.of(new LayoutXml(offer.layout()).domain()),
                sameFiles);
        return new MigrationTicket(HostId.of(host.libvirt().id()), ticket.toMap());
    }

    @Override
    public void abandon(CallContext context, InstanceId id) {
        host.libvirt().change("abandon guest " + id, context.timeout(), port -> {
            removeLeftOver(port, context, id);
            return true;
        });
    }

    /** Removes the domain alone: the files are the source's. */
    private void removeLeftOver(LibvirtPort port, CallContext context, InstanceId id) {
        Optional<DomainStatus> domain = host.lifecycle().find(port, id);
        if (domain.isPresent() && GuestStates.isLeftOver(domain.get())) {
            host.lifecycle().check(port, context, id);
            host.lifecycle().remove(port, id);
        }
    }
}
