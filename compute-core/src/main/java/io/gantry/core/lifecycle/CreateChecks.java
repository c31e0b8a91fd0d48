package io.gantry.core.lifecycle;

import io.gantry.core.servergroup.GroupMemberships;
import io.gantry.core.state.Hints;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.placement.ResourceNeeds;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestTopology;
import io.gantry.topology.PciNumaPolicy;
import io.gantry.topology.PciRequest;
import io.gantry.topology.TopologyRequest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Checks requests against what the engine has; changes nothing. */
final class CreateChecks {
    private final Services services;
    private final Asking asking;
    private final GroupMemberships memberships;

    CreateChecks(Services services, Asking asking) {
        this.services = services;
        this.asking = asking;
        this.memberships = new GroupMemberships(services.state(), services.quotas());
    }

    /** @param launchIndex which of several that are created together it is, from 0 */
    CreateRequest check(InstanceSpec spec, InstanceId id, int launchIndex) {
        Caller caller = asking.caller();
        services.access().require(caller, Action.INSTANCE_CREATE, id.ref(), Optional.of(caller.project()));
        spec.host()
                .ifPresent(host -> services.access()
                        .require(caller, Action.INSTANCE_CREATE_ON_HOST, id.ref(), Optional.of(caller.project())));
        if (spec.forced()) {
            services.access().require(caller, Action.INSTANCE_FORCE_HOST, id.ref(), Optional.of(caller.project()));
        }
        InstanceRow.Boot boot = boot(spec.image());
        Flavor flavor = services.state().read(tx -> {
            spec.host().ifPresent(host -> asking.requireHost(tx, host));
            spec.zone().ifPresent(zone -> services.zones().require(tx, zone));
            requireInZone(tx, "instance.host", spec.host(), spec.zone());
            spec.hints().differentHost().forEach(other -> asking.visible(tx, other));
            spec.hints().sameHost().forEach(other -> asking.visible(tx, other));
            spec.group().ifPresent(group -> memberships.require(tx, group, caller.project()));
            return services.flavors().usable(tx, caller, "instance.flavor", spec.flavor());
        });
        checkFit(flavor, boot.image());
        ResourceNeeds.parse(flavor.extraSpecs(), boot.image().properties());
        Optional<String> publicKey =
                spec.keyName().map(name -> services.keyPairs().get(caller, name).publicKey());
        return new CreateRequest(
                id,
                caller.project(),
                caller.user(),
                spec.name(),
                spec.description(),
                spec.hostname(id),
                flavor,
                boot,
                spec.host(),
                spec.forced(),
                spec.zone(),
                spec.group(),
                spec.metadata(),
                spec.tags(),
                spec.keyName(),
                new InstanceRow.Settings(
                        publicKey,
                        Base64.getEncoder().encodeToString(spec.userData()),
                        Contents.encoded(spec.files()),
                        spec.configDrive(),
                        launchIndex),
                Hints.of(spec.hints()));
    }

    /** Makes a member of a server group of what is to be made, in the transaction that makes it. */
    void join(Transaction tx, CreateRequest request) {
        request.group().ifPresent(group -> memberships.join(tx, group, request.project(), request.user()));
    }

    /** {@return what an image boots with} */
    InstanceRow.Boot boot(ImageId id) {
        Image image = services.images().get(id);
        if (!image.format().isDisk()) {
            throw new InvalidRequest(
                    "instance.image",
                    image.id(),
                    "has format " + image.format() + ", which is no disk",
                    "Name an image of format RAW or QCOW2");
        }
        Optional<String> unused = image.cdromBus(); // an image store of others may hold any word
        Optional<Image> kernel = part(image, Image.KERNEL_ID, DiskFormat.AKI);
        Optional<Image> ramdisk = part(image, Image.RAMDISK_ID, DiskFormat.ARI);
        if (kernel.isPresent() != ramdisk.isPresent()) {
            throw new InvalidRequest(
                    "image.properties",
                    image.properties().keySet(),
                    "has one of kernel_id and ramdisk_id without the other",
                    "Import the image again with both, or with neither");
        }
        return new InstanceRow.Boot(image, kernel, ramdisk);
    }

    /** Reads what flavor and image say of cells, CPUs and devices, so that nonsense is refused before anything changes. */
    private Optional<GuestTopology> topology(Flavor flavor, Image image) {
        Optional<PciNumaPolicy> unusedPolicy = TopologyRequest.pciNumaPolicy(flavor.extraSpecs(), image.properties());
        List<PciRequest> unusedDevices = services.placer().devices(flavor, image);
        return TopologyRequest.topology(flavor.vcpus(), flavor.memory(), flavor.extraSpecs(), image.properties());
    }

    private void checkFit(Flavor flavor, Image image) {
        Optional<GuestTopology> unused = topology(flavor, image);
        if (flavor.memory().compareTo(image.minMemory()) < 0) {
            throw new InvalidRequest(
                    "flavor.memory",
                    flavor.memory(),
                    "is less than the " + image.minMemory() + " that image " + image.name() + " needs",
                    "Choose a larger flavor");
        }
        if (flavor.disk().bytes() == 0) {
            return;
        }
        if (flavor.disk().compareTo(image.virtualSize()) < 0) {
            throw new InvalidRequest(
                    "flavor.disk",
                    flavor.disk(),
                    "is smaller than image " + image.name() + ", whose disk has " + image.virtualSize(),
                    "Choose a flavor with a larger disk");
        }
        if (flavor.disk().compareTo(image.minDisk()) < 0) {
            throw new InvalidRequest(
                    "flavor.disk",
                    flavor.disk(),
                    "is less than the " + image.minDisk() + " that image " + image.name() + " needs",
                    "Choose a flavor with a larger disk");
        }
    }

    private Optional<Image> part(Image image, String property, DiskFormat format) {
        return Optional.ofNullable(image.properties().get(property)).map(value -> {
            Image part = services.images().get(ImageId.of(value));
            if (part.format() != format) {
                throw new InvalidRequest(
                        "image.properties." + property,
                        value,
                        "has format " + part.format() + " instead of " + format,
                        "Import the file again with format " + format);
            }
            return part;
        });
    }

    void checkRebuild(InstanceRow row, Image image) {
        Flavor flavor = row.instance().flavor();
        checkFit(flavor, image);
        ResourceNeeds.parse(flavor.extraSpecs(), image.properties());
        if (!topology(flavor, image).equals(topology(flavor, row.boot().image()))) {
            throw new InvalidRequest(
                    "instance.image",
                    image.id(),
                    "asks for other NUMA cells, CPUs or pages than the image that the instance has",
                    "Name an image with the same hw_numa_, hw_cpu_ and hw_mem_page_size properties, or create anew");
        }
        if (image.virtualSize().compareTo(row.rootDisk()) > 0) {
            throw new InvalidRequest(
                    "instance.image",
                    image.id(),
                    "has a disk of " + image.virtualSize() + ", more than the instance's " + row.rootDisk(),
                    "Resize the instance first");
        }
    }

    void checkResize(InstanceRow row, Flavor flavor) {
        Flavor old = row.instance().flavor();
        if (flavor.equals(old)) {
            throw new InvalidRequest(
                    "resize.flavor", flavor.name(), "is the flavor that it has", "Name another flavor");
        }
        Optional<GuestTopology> unused = topology(flavor, row.boot().image());
        if (flavor.disk().bytes() != 0 && flavor.disk().compareTo(row.rootDisk()) < 0) {
            throw new InvalidRequest(
                    "resize.flavor",
                    flavor.name(),
                    "has a disk of " + flavor.disk() + ", less than the instance's " + row.rootDisk(),
                    "Choose a flavor with a disk that is no smaller: root disks do not shrink");
        }
        ResourceNeeds.parse(flavor.extraSpecs(), row.boot().image().properties());
        if (flavor.memory().compareTo(row.boot().image().minMemory()) < 0) {
            throw new InvalidRequest(
                    "resize.flavor",
                    flavor.name(),
                    "has less memory than the " + row.boot().image().minMemory() + " that its image needs",
                    "Choose a larger flavor");
        }
    }

    void checkUnshelve(Transaction tx, InstanceRow row, UnshelveSpec how) {
        how.host().ifPresent(host -> {
            asking.require(Action.INSTANCE_CREATE_ON_HOST, row);
            asking.requireHost(tx, host);
        });
        how.zone().ifPresent(zone -> services.zones().require(tx, zone));
        requireInZone(
                tx, "unshelve.host", how.host(), how.zoneAfter(row.instance().requestedZone()));
        if (!how.equals(UnshelveSpec.anywhere()) && row.instance().state() != VmState.SHELVED_OFFLOADED) {
            throw new InvalidState(
                    row.instance().id().ref(),
                    "unshelve to a host or zone",
                    row.instance().state().name(),
                    List.of(VmState.SHELVED_OFFLOADED.name()));
        }
    }

    private void requireInZone(Transaction tx, String field, Optional<HostId> host, Optional<String> zone) {
        host.flatMap(there -> services.zones().refusal(tx, zone, there)).ifPresent(verdict -> {
            throw new InvalidRequest(
                    field,
                    host.get(),
                    "is in " + verdict.free() + ", and the instance asks for " + verdict.needed(),
                    "Name a host of that zone, or the host's zone");
        });
    }

    void checkTarget(Transaction tx, InstanceRow row, Optional<HostId> target) {
        target.ifPresent(host -> {
            asking.requireHost(tx, host);
            if (row.instance().host().equals(target)) {
                throw new InvalidRequest(
                        "migrate.target", host, "is the host that the instance is on", "Name another host, or none");
            }
        });
    }

    void checkEvacuation(Transaction tx, InstanceRow row, EvacuateSaga.Request request) {
        HostId source = Asking.requireHost(row.instance(), Verb.EVACUATE.word());
        checkTarget(tx, row, request.target());
        if (services.hosts().state(source) == HostState.UP) {
            throw new InvalidState(
                    row.instance().id().ref(),
                    Verb.EVACUATE.word(),
                    row.instance().state() + " on host " + source + ", which answers",
                    List.of("on a host that is DOWN"));
        }
        if (request.proof().isEmpty() && services.fencer().isEmpty()) {
            throw EvacuateSaga.noProof(source);
        }
        request.proof().ifPresent(proof -> EvacuateSaga.requireFor(source, proof));
    }

    static void checkImageName(String name) {
        ImageSpec.builder(name, DiskFormat.RAW).build();
    }
}
