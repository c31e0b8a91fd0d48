package io.gantry.scheduler.filters;

import io.gantry.host.HostInventory;
import io.gantry.image.Image;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes hosts that can run the image: where the image sets {@code hw_architecture}, {@code img_hv_type} or {@code
 * hw_vm_mode}, the host has to offer all of them together, and its hypervisor's version has to meet {@code
 * img_hv_requested_version}. Common second names of architectures and modes are understood. A host with {@code kvm} offers
 * {@code qemu}, too, and one with {@code xen} the modes {@code hvm} and {@code xen}; others offer {@code hvm}.
 *
 * <p>Rejects with code {@code ARCHITECTURE}, {@code HYPERVISOR_TYPE}, {@code VM_MODE} or {@code HYPERVISOR_VERSION}, the first
 * that does not fit, or {@code VERSION_PREDICATE} if nobody can tell what versions the image asks for.
 */
public final class ImagePropertiesFilter implements HostFilter {
    private static final String HYPERVISOR_TYPE = "img_hv_type";
    private static final String VM_MODE = "hw_vm_mode";
    private static final String REQUESTED_VERSION = "img_hv_requested_version";
    private static final List<String> PROPERTIES =
            List.of(Image.ARCHITECTURE, HYPERVISOR_TYPE, VM_MODE, REQUESTED_VERSION);
    private static final Map<String, String> SECOND_NAMES =
            Map.of("amd64", "x86_64", "x64", "x86_64", "arm64", "aarch64", "i386", "i686", "powerpc64le", "ppc64le");
    private static final Map<String, String> SECOND_MODES = Map.of("hv", "hvm", "baremetal", "hvm", "pv", "xen");

    /** Creates the filter. */
    public ImagePropertiesFilter() {}

    /** What a host offers together. */
    private record Offer(String architecture, String type, String mode) {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Map<String, String> properties = request.image().properties();
        HostInventory has = host.inventory();
        List<Offer> offers = offers(has);
        @Nullable String architecture = properties.get(Image.ARCHITECTURE);
        if (architecture != null) {
            String wanted = architecture(architecture);
            offers = offers.stream()
                    .filter(offer -> offer.architecture().equals(wanted))
                    .toList();
            if (offers.isEmpty()) {
                return Verdict.reject("ARCHITECTURE", architecture, has.architecture());
            }
        }
        @Nullable String type = properties.get(HYPERVISOR_TYPE);
        if (type != null) {
            String wanted = lower(type);
            offers =
                    offers.stream().filter(offer -> offer.type().equals(wanted)).toList();
            if (offers.isEmpty()) {
                return Verdict.reject("HYPERVISOR_TYPE", type, has.hypervisorType());
            }
        }
        @Nullable String mode = properties.get(VM_MODE);
        if (mode != null) {
            String wanted = SECOND_MODES.getOrDefault(lower(mode), lower(mode));
            if (offers.stream().noneMatch(offer -> offer.mode().equals(wanted))) {
                return Verdict.reject(
                        "VM_MODE",
                        mode,
                        String.join(
                                ", ",
                                offers.stream().map(Offer::mode).distinct().toList()));
            }
        }
        return version(properties.get(REQUESTED_VERSION), has);
    }

    private static Verdict version(@Nullable String asked, HostInventory has) {
        if (asked == null) {
            return Verdict.pass();
        }
        Optional<VersionPredicate> predicate = VersionPredicate.parse(asked);
        if (predicate.isEmpty()) {
            return Verdict.reject(
                    "VERSION_PREDICATE", "comparisons such as '>=6.0,<8'", "image property '" + asked + "'");
        }
        return predicate.get().holds(has.hypervisorVersion())
                ? Verdict.pass()
                : Verdict.reject("HYPERVISOR_VERSION", asked, has.hypervisorVersion());
    }

    private static List<Offer> offers(HostInventory has) {
        String architecture = architecture(has.architecture());
        String type = lower(has.hypervisorType());
        return switch (type) {
            case "kvm" -> List.of(new Offer(architecture, "kvm", "hvm"), new Offer(architecture, "qemu", "hvm"));
            case "xen" -> List.of(new Offer(architecture, "xen", "hvm"), new Offer(architecture, "xen", "xen"));
            default -> List.of(new Offer(architecture, type, "hvm"));
        };
    }

    private static String architecture(String name) {
        String lower = lower(name);
        return SECOND_NAMES.getOrDefault(lower, lower);
    }

    private static String lower(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        Map<String, String> properties = request.image().properties();
        boolean asksNothing = PROPERTIES.stream().noneMatch(properties::containsKey);
        return Optional.of(asksNothing ? ColumnFilter.KEEP_ALL : new PlatformColumns(host -> test(request, host)));
    }

    @Override
    public boolean runsOnRebuild() {
        return true;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "that offer the image's architecture, hypervisor type and mode together, in a version that it asks for",
                        "image properties `hw_architecture`, `img_hv_type`, `hw_vm_mode`, `img_hv_requested_version`"
                                + " (`>=6.0,<8`)",
                        "inventory")
                .rejectingWith("ARCHITECTURE", "HYPERVISOR_TYPE", "VM_MODE", "HYPERVISOR_VERSION", "VERSION_PREDICATE");
    }
}
