package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestAgent;
import io.gantry.driver.libvirt.GuestMark;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.StorageLayout;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestSpec;
import java.util.Optional;

/** Writes a guest's domain XML. */
final class KvmDomainXml {
    static final String ROOT_DEVICE = "vda";

    private final KvmProfile profile;
    private final StorageLayout layout;

    KvmDomainXml(KvmProfile profile, StorageLayout layout) {
        this.profile = profile;
        this.layout = layout;
    }

    /** @param configDrive the path of its config drive, if it has one */
    String write(GuestSpec spec, GuestMark mark, DiskFile root, Optional<String> configDrive) {
        LayoutXml placed = new LayoutXml(spec.layout());
        return XmlText.document("domain", xml -> {
            xml.attribute("type", profile.type())
                    .element("name", GuestMark.domainName(spec.id()))
                    .element("uuid", spec.id().toString())
                    .element("title", title(spec))
                    .element("metadata", mark::writeTo)
                    .element(
                            "memory",
                            memory -> memory.attribute("unit", "MiB")
                                    .text(Long.toString(spec.flavor().memory().toMib())))
                    .element("vcpu", vcpu -> {
                        placed.vcpu(vcpu);
                        vcpu.text(Integer.toString(spec.flavor().vcpus()));
                    });
            placed.tuning(xml);
            xml.element("os", os -> os(os, spec.directBoot()))
                    .element("features", features -> features.element("acpi").element("apic"))
                    .element("cpu", cpu -> {
                        cpu(cpu);
                        placed.cells(cpu);
                    })
                    .element("clock", this::clock)
                    .element("on_poweroff", "destroy")
                    .element("on_reboot", "restart")
                    .element("on_crash", "destroy")
                    .element("devices", devices -> {
                        devices(devices, spec, root, configDrive);
                        placed.devices(devices);
                    });
        });
    }

    /** {@return the {@code <os>} element of a guest} */
    String os(Optional<GuestSpec.DirectBoot> boot) {
        return XmlText.document("os", os -> os(os, boot));
    }

    /** {@return the {@code <disk>} element of a QCOW2 file} */
    String disk(String path, String device) {
        return XmlText.document("disk", disk -> disk(disk, path, device));
    }

    /** {@return a domain that only holds a disk, to copy it: its processor never runs} */
    String holder(InstanceId id, String path, String format) {
        return XmlText.document(
                "domain",
                xml -> xml.attribute("type", profile.type())
                        .element("name", "gantry-copies-" + id)
                        .element("uuid", id.toString())
                        .element(
                                "memory",
                                memory -> memory.attribute("unit", "MiB").text("16"))
                        .element("vcpu", "1")
                        .element("os", os -> os(os, Optional.empty()))
                        .element(
                                "devices",
                                devices -> devices.element("emulator", profile.emulator())
                                        .element("disk", disk -> heldDisk(disk, path, format))
                                        .element(
                                                "controller",
                                                usb -> usb.attribute("type", "usb")
                                                        .attribute("model", "none"))
                                        .element("memballoon", balloon -> balloon.attribute("model", "none"))));
    }

    private static void heldDisk(XmlText xml, String path, String format) {
        xml.attribute("type", "file")
                .attribute("device", "disk")
                .element("driver", driver -> driver.attribute("name", "qemu").attribute("type", format))
                .element("source", source -> source.attribute("file", path))
                .element(
                        "target", target -> target.attribute("dev", ROOT_DEVICE).attribute("bus", "virtio"))
                .element("readonly");
    }

    /** A title is one line to libvirt. */
    static String title(GuestSpec spec) {
        String title = spec.name().replaceAll("\\p{Cntrl}", " ");
        return title.isBlank() ? GuestMark.domainName(spec.id()) : title;
    }

    private void os(XmlText xml, Optional<GuestSpec.DirectBoot> directBoot) {
        xml.element(
                "type",
                type -> type.attribute("arch", profile.architecture())
                        .attribute("machine", profile.machine())
                        .text("hvm"));
        directBoot.ifPresentOrElse(
                boot -> xml.element("kernel", layout.imagePath(boot.kernel()))
                        .element("initrd", layout.imagePath(boot.ramdisk()))
                        .element("cmdline", boot.commandLine()),
                () -> xml.element("boot", boot -> boot.attribute("dev", "hd")));
    }

    private void cpu(XmlText xml) {
        if (profile.isKvm()) {
            xml.attribute("mode", "host-model").attribute("check", "partial");
        } else {
            xml.attribute("mode", "custom")
                    .attribute("match", "exact")
                    .attribute("check", "none")
                    .element(
                            "model",
                            model -> model.attribute("fallback", "forbid").text("qemu64"));
        }
    }

    private void clock(XmlText xml) {
        xml.attribute("offset", "utc");
        if (profile.isKvm()) {
            xml.element("timer", timer -> timer.attribute("name", "rtc").attribute("tickpolicy", "catchup"))
                    .element("timer", timer -> timer.attribute("name", "pit").attribute("tickpolicy", "delay"))
                    .element("timer", timer -> timer.attribute("name", "hpet").attribute("present", "no"));
        }
    }

    /** {@return the {@code <channel>} element of a guest's agent} */
    static String agentChannel() {
        return XmlText.document("channel", KvmDomainXml::agentChannel);
    }

    private static void agentChannel(XmlText xml) {
        xml.attribute("type", "unix")
                .element("target", target -> target.attribute("type", "virtio").attribute("name", GuestAgent.CHANNEL));
    }

    private void devices(XmlText xml, GuestSpec spec, DiskFile root, Optional<String> configDrive) {
        xml.element("emulator", profile.emulator())
                .element("disk", disk -> disk(disk, layout.diskPath(root), ROOT_DEVICE))
                .element("controller", usb -> usb.attribute("type", "usb").attribute("model", "none"));
        configDrive.ifPresent(path -> configDrive(xml, spec, path));
        xml.element(
                        "serial",
                        serial -> serial.attribute("type", "pty")
                                .element(
                                        "log",
                                        log -> log.attribute("file", layout.consolePath(spec.id()))
                                                .attribute("append", "on"))
                                .element("target", target -> target.attribute("port", "0")))
                .element(
                        "console",
                        console -> console.attribute("type", "pty")
                                .element(
                                        "target",
                                        target -> target.attribute("type", "serial")
                                                .attribute("port", "0")))
                .element("memballoon", balloon -> balloon.attribute("model", "virtio"))
                .element(
                        "rng",
                        rng -> rng.attribute("model", "virtio")
                                .element(
                                        "backend",
                                        backend -> backend.attribute("model", "random")
                                                .text("/dev/urandom")));
        if (spec.image().hasGuestAgent()) {
            xml.element("channel", KvmDomainXml::agentChannel);
        }
    }

    /** {@return a {@code <devices>} element with what a guest needs to see its config drive} */
    String configDrive(GuestSpec spec, String path) {
        return XmlText.document("devices", devices -> configDrive(devices, spec, path));
    }

    private void configDrive(XmlText xml, GuestSpec spec, String path) {
        // As Nova's: what the guest's machine has by itself, unless the image says what its kernel has a driver for.
        String bus = spec.image().cdromBus().orElse(profile.machine().contains("q35") ? "sata" : "ide");
        if (bus.equals("scsi")) {
            xml.element(
                    "controller",
                    controller -> controller.attribute("type", "scsi").attribute("model", "virtio-scsi"));
        }
        xml.element(
                "disk",
                disk -> disk.attribute("type", "file")
                        .attribute("device", "cdrom")
                        .element(
                                "driver",
                                driver -> driver.attribute("name", "qemu")
                                        .attribute("type", "raw")
                                        .attribute("cache", "none"))
                        .element("source", source -> source.attribute("file", path))
                        .element(
                                "target",
                                target -> target.attribute("dev", bus.equals("ide") ? "hda" : "sda")
                                        .attribute("bus", bus))
                        .element("readonly"));
    }

    private static void disk(XmlText xml, String path, String device) {
        // cache=none: with any other mode libvirt refuses to migrate, and rightly so
        xml.attribute("type", "file")
                .attribute("device", "disk")
                .element(
                        "driver",
                        driver -> driver.attribute("name", "qemu")
                                .attribute("type", "qcow2")
                                .attribute("cache", "none")
                                .attribute("discard", "unmap"))
                .element("source", source -> source.attribute("file", path))
                .element("target", target -> target.attribute("dev", device).attribute("bus", "virtio"));
    }
}
