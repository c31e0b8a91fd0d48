package io.gantry.scheduler.filters;

import io.gantry.host.HostInventory;
import io.gantry.image.Image;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes hosts that can run the image: {@code hw_architecture} is the host's architecture, and {@code img_hv_type} its
 * hypervisor's type, where the image sets them. Common second names of architectures are understood, and a host with
 * {@code kvm} also runs images for {@code qemu}. Rejects with code {@code ARCHITECTURE} or {@code HYPERVISOR_TYPE}.
 */
public final class ImagePropertiesFilter implements HostFilter {
    private static final String HYPERVISOR_TYPE = "img_hv_type";
    private static final Map<String, String> SECOND_NAMES =
            Map.of("amd64", "x86_64", "x64", "x86_64", "arm64", "aarch64", "i386", "i686", "powerpc64le", "ppc64le");

    /** Creates the filter. */
    public ImagePropertiesFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Map<String, String> properties = request.image().properties();
        HostInventory has = host.inventory();
        @Nullable String architecture = properties.get(Image.ARCHITECTURE);
        if (architecture != null && !architecture(architecture).equals(architecture(has.architecture()))) {
            return Verdict.reject("ARCHITECTURE", architecture, has.architecture());
        }
        @Nullable String type = properties.get(HYPERVISOR_TYPE);
        if (type != null && !runs(lower(has.hypervisorType()), lower(type))) {
            return Verdict.reject("HYPERVISOR_TYPE", type, has.hypervisorType());
        }
        return Verdict.pass();
    }

    private static String architecture(String name) {
        String lower = lower(name);
        return SECOND_NAMES.getOrDefault(lower, lower);
    }

    private static boolean runs(String host, String image) {
        return host.equals(image) || (host.equals("kvm") && image.equals("qemu"));
    }

    private static String lower(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        Map<String, String> properties = request.image().properties();
        boolean asksNothing = !properties.containsKey(Image.ARCHITECTURE) && !properties.containsKey(HYPERVISOR_TYPE);
        return Optional.of(asksNothing ? ColumnFilter.KEEP_ALL : new PlatformColumns(host -> test(request, host)));
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "of the image's architecture and hypervisor type, where it sets them",
                        "image properties `hw_architecture`, `img_hv_type`",
                        "inventory")
                .rejectingWith("ARCHITECTURE", "HYPERVISOR_TYPE");
    }
}
