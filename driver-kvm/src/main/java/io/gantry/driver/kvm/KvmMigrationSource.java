package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestStates;
import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.MigrationRequest;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A QEMU host as the source of migrations: its daemon drives the target's (peer to peer). */
final class KvmMigrationSource implements MigrationSource {
    private static final Logger LOG = LoggerFactory.getLogger(KvmMigrationSource.class);
    private static final long MIB = 1L << 20;

    private final KvmHost host;

    KvmMigrationSource(KvmHost host) {
        this.host = host;
    }

    @Override
    public MigrationOffer offer(InstanceId id) {
        KvmProfile profile = host.profile();
        return host.libvirt().read("describe guest " + id, port -> {
            requireOn(host.lifecycle().require(port, id), id);
            XmlNode running = XmlNode.parse(port.domains().xml(id.value(), 0));
            new DomainLayout(running)
                    .requireNoDevices(id, DriverCapability.LIVE_MIGRATION, "Stop it and migrate it cold");
            DomainCalls domains = port.domains();
            OfferFacts facts = new OfferFacts(
                    host.libvirt().id(),
                    host.properties().storageId(),
                    profile.migratesSafely(host.properties().tcgMigrationSafe()),
                    OfferFacts.files(running));
            return new MigrationOffer(
                    id,
                    profile.type(),
                    profile.versionText(),
                    domains.xml(id.value(), DomainCalls.XML_MIGRATABLE),
                    facts.toMap());
        });
    }

    private static void requireOn(DomainStatus domain, InstanceId id) {
        GuestState state = GuestStates.of(domain);
        if (state.power() != PowerState.RUNNING && state.power() != PowerState.PAUSED) {
            throw new InvalidState(
                    id.ref(),
                    "migrate",
                    state.power().name(),
                    List.of(PowerState.RUNNING.name(), PowerState.PAUSED.name()));
        }
    }

    @Override
    public MigrationJob start(
            CallContext context, MigrationOffer offer, MigrationTicket ticket, MigrationTuning tuning) {
        InstanceId id = offer.guest();
        TicketFacts target = TicketFacts.of(ticket);
        record Descriptions(String now, String definition) {}
        // Read after the epoch was recorded: the guest takes both along.
        Descriptions guest = host.libvirt().change("check guest " + id, context.timeout(), port -> {
            requireOn(host.lifecycle().claim(port, context, id), id);
            return new Descriptions(
                    port.domains().xml(id.value(), DomainCalls.XML_MIGRATABLE),
                    port.domains().xml(id.value(), DomainCalls.XML_INACTIVE | DomainCalls.XML_MIGRATABLE));
        });
        MigrationRequest request = new MigrationRequest(
                target.uri(),
                flags(target),
                target.memoryUri().orElse(null),
                mibPerSecond(tuning),
                onTarget(guest.now(), target),
                onTarget(guest.definition(), target));
        KvmMigrationJob job = new KvmMigrationJob(host, id, request, tuning.maxDowntime(), ticket.target());
        job.begin(context.timeout());
        return job;
    }

    @Override
    public void abort(CallContext context, InstanceId id) {
        host.libvirt().control("abort migration of guest " + id, port -> {
            try {
                port.migrations().abortJob(id.value());
            } catch (LibvirtError e) {
                if (e.code() != LibvirtError.NO_DOMAIN && e.code() != LibvirtError.OPERATION_INVALID) {
                    throw e;
                }
                LOG.debug("Guest {} is in no job that could be aborted", id, e);
            }
            return true;
        });
    }

    private static int flags(TicketFacts target) {
        int flags = MigrationRequest.LIVE
                | MigrationRequest.PEER2PEER
                | MigrationRequest.PERSIST_DEST
                | MigrationRequest.UNDEFINE_SOURCE;
        // libvirt knows shared storage by the kind of file system only; this target has proved more than that
        return target.sameFiles() ? flags | MigrationRequest.UNSAFE : flags;
    }

    private static long mibPerSecond(MigrationTuning tuning) {
        long bytes = tuning.maxBandwidth().bytesPerSecond();
        return bytes == 0 ? 0 : Math.max(1, bytes / MIB);
    }

    /** {@return the XML as it is to be on the target; null if it is so already} */
    static @Nullable String onTarget(String xml, TicketFacts target) {
        XmlNode domain = XmlNode.parse(xml);
        String before = domain.toXml();
        if (!target.emulator().isEmpty()) {
            domain.find("devices/emulator").ifPresent(emulator -> emulator.setText(target.emulator()));
        }
        target.layout().map(XmlNode::parse).ifPresent(new DomainLayout(domain)::replace);
        String after = domain.toXml();
        return after.equals(before) ? null : after;
    }
}
