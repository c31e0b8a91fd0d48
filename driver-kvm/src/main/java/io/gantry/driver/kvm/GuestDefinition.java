package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestAgent;
import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.topology.GuestLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A guest's definition, to be read and changed: what it does not know stays as it is. For rescue, the definition keeps
 * what its normal form differs in, in its own metadata; so it can be told from that form, and brought back to it, by
 * whoever finds it. Not safe for use by several threads.
 */
final class GuestDefinition {
    static final String KEPT_NAMESPACE = "https://gantry.io/xmlns/libvirt/rescue/1";

    private static final String KEPT_PREFIX = "gantryrescue";
    private static final String KEPT = "gantryNormalForm";

    private final XmlNode domain;
    private final String original;

    private GuestDefinition(String xml) {
        this.domain = XmlNode.parse(xml);
        this.original = domain.toXml();
    }

    static GuestDefinition parse(String xml) {
        return new GuestDefinition(xml);
    }

    /** {@return what the guest is from its next start on} */
    static GuestDefinition read(LibvirtPort port, InstanceId id) {
        return new GuestDefinition(port.domains().xml(id.value(), DomainCalls.XML_INACTIVE | DomainCalls.XML_SECURE));
    }

    /** Defines the guest, if anything was changed. */
    void define(LibvirtPort port) {
        String xml = domain.toXml();
        if (!xml.equals(original)) {
            port.domains().define(xml);
        }
    }

    String toXml() {
        return domain.toXml();
    }

    /** {@return the path of the root disk} */
    String rootPath() {
        return file(root()).orElse("");
    }

    /** {@return the device that the root disk is to the guest} */
    String rootDevice() {
        return target(root()).attribute("dev").orElse("");
    }

    /** {@return whether it boots for rescue} */
    boolean isRescue() {
        return kept().isPresent();
    }

    private XmlNode root() {
        Optional<String> known = kept().flatMap(kept -> file(require(XmlNode.parse(kept.text()), "disk")));
        return disks().stream()
                .filter(disk -> known.isEmpty() || file(disk).equals(known))
                .findFirst()
                .orElseThrow(() ->
                        new LibvirtError(LibvirtError.INTERNAL_ERROR, 0, "the guest's definition has no root disk"));
    }

    private String freeDevice() {
        Set<String> taken = disks().stream()
                .map(disk -> target(disk).attribute("dev").orElse(""))
                .collect(Collectors.toSet());
        return IntStream.rangeClosed('b', 'z')
                .mapToObj(letter -> "vd" + (char) letter)
                .filter(device -> !taken.contains(device))
                .findFirst()
                .orElseThrow(() ->
                        new LibvirtError(LibvirtError.INTERNAL_ERROR, 0, "the guest has too many disks for one more"));
    }

    /** {@return the disks that are files, in the order in which a guest boots from them} */
    private List<XmlNode> disks() {
        return devices().children("disk").stream()
                .filter(disk -> disk.attribute("device").orElse("disk").equals("disk"))
                .filter(disk -> file(disk).isPresent())
                .toList();
    }

    private XmlNode devices() {
        return require(domain, "devices");
    }

    private static Optional<String> file(XmlNode disk) {
        return disk.find("source").flatMap(source -> source.attribute("file"));
    }

    private static XmlNode target(XmlNode disk) {
        return require(disk, "target");
    }

    private static XmlNode require(XmlNode node, String path) {
        return node.find(path)
                .orElseThrow(() -> new LibvirtError(
                        LibvirtError.INTERNAL_ERROR, 0, "the guest's definition has no element " + path));
    }

    void setFlavor(Flavor flavor) {
        long kib = flavor.memory().toMib() * 1024;
        for (String name : List.of("memory", "currentMemory")) {
            domain.find(name).ifPresent(memory -> {
                memory.setAttribute("unit", "KiB");
                memory.setText(Long.toString(kib));
            });
        }
        XmlNode vcpu = require(domain, "vcpu");
        vcpu.removeAttribute("current");
        vcpu.setText(Integer.toString(flavor.vcpus()));
    }

    /** Lays the guest out otherwise on its host, from its next start on. */
    void setLayout(GuestLayout layout) {
        new DomainLayout(domain).replace(XmlNode.parse(new LayoutXml(layout).domain()));
    }

    void setRoot(String path) {
        require(root(), "source").setAttribute("file", path);
    }

    /** Gives the guest a name for people, in its title and its mark. */
    void setName(GuestSpec spec) {
        domain.find("title").ifPresent(title -> title.setText(KvmDomainXml.title(spec)));
        domain.find("metadata/guest/name").ifPresent(name -> name.setText(XmlText.clean(spec.name())));
    }

    /**
     * Gives the guest a config drive in place of the one that it has, or takes that away.
     *
     * @param isOne tells the paths of its config drives from others
     * @param devices a {@code <devices>} element with what it needs to see the new one; empty for none
     */
    void setConfigDrive(Predicate<String> isOne, Optional<String> devices) {
        devices().children("disk").stream()
                .filter(disk -> file(disk).filter(isOne).isPresent())
                .forEach(XmlNode::remove);
        devices.map(XmlNode::parse).ifPresent(needed -> {
            boolean hasScsi = devices().children("controller").stream()
                    .anyMatch(old -> old.attribute("type").equals(Optional.of("scsi")));
            if (!hasScsi) {
                needed.children("controller").forEach(devices()::append);
            }
            needed.children("disk").forEach(devices()::append);
        });
    }

    /** Gives the guest a channel to an agent in it, or takes it away. */
    void setAgent(boolean wanted) {
        List<XmlNode> channels = devices().children("channel").stream()
                .filter(channel -> target(channel).attribute("name").orElse("").equals(GuestAgent.CHANNEL))
                .toList();
        if (!wanted) {
            channels.forEach(XmlNode::remove);
        } else if (channels.isEmpty()) {
            devices().append(XmlNode.parse(KvmDomainXml.agentChannel()));
        }
    }

    /** @param os an {@code <os>} element; the machine type stays */
    void setBoot(String os) {
        XmlNode old = require(domain, "os");
        XmlNode now = XmlNode.parse(os);
        require(now, "type").remove();
        for (String name : List.of("kernel", "initrd", "cmdline", "boot")) {
            old.children(name).forEach(XmlNode::remove);
            now.children(name).forEach(old::append);
        }
    }

    /**
     * Turns the normal form into that for rescue.
     *
     * @param disk the rescue disk's {@code <disk>} element
     * @param os an {@code <os>} element
     */
    void toRescue(String disk, String os) {
        XmlNode root = root();
        XmlNode metadata = require(domain, "metadata");
        metadata.append(XmlNode.parse(XmlText.document(
                        "metadata",
                        xml -> xml.element(KEPT_PREFIX, KEPT_NAMESPACE, KEPT, kept -> kept.text(normalForm(root)))))
                .children(KEPT)
                .get(0));
        XmlNode rescue = XmlNode.parse(disk);
        // A guest without a boot loader counts its disks by their addresses: the rescue disk gets the first one.
        root.find("address").ifPresent(address -> {
            rescue.append(address);
            address.remove();
        });
        root.precede(rescue);
        target(root).setAttribute("dev", freeDevice());
        setBoot(os);
    }

    private String normalForm(XmlNode root) {
        XmlNode normal = XmlNode.parse(XmlText.document("normal", xml -> {}));
        normal.append(require(domain, "os"));
        normal.append(root);
        return normal.toXml();
    }

    /** Turns the form for rescue into the normal one. Does nothing if it is that. */
    void toNormal() {
        Optional<XmlNode> kept = kept();
        if (kept.isEmpty()) {
            return;
        }
        XmlNode normal = XmlNode.parse(kept.get().text());
        XmlNode root = root();
        XmlNode rescue = disks().get(0);
        root.precede(require(normal, "disk"));
        root.remove();
        rescue.remove();
        setBoot(require(normal, "os").toXml());
        kept.get().remove();
    }

    private Optional<XmlNode> kept() {
        return domain.find("metadata/" + KEPT);
    }
}
