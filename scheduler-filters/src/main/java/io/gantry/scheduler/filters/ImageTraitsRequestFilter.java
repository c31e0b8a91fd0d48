package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.RequestFilter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Requires the traits that say that a host offers what an image asks for: {@code hw_disk_bus=virtio} needs {@code
 * COMPUTE_STORAGE_BUS_VIRTIO}. Names are those of OpenStack's os-traits. {@link TraitsFilter} has to be among the engine's
 * filters, and the hosts' providers need the traits.
 */
public final class ImageTraitsRequestFilter implements RequestFilter {
    private static final Map<String, String> PREFIXES = Map.of(
            "hw_architecture", "HW_ARCH_",
            "hw_cdrom_bus", "COMPUTE_STORAGE_BUS_",
            "hw_disk_bus", "COMPUTE_STORAGE_BUS_",
            "hw_emulation_architecture", "COMPUTE_ARCH_",
            "hw_video_model", "COMPUTE_GRAPHICS_MODEL_",
            "hw_vif_model", "COMPUTE_NET_VIF_MODEL_");

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Creates the filter. */
    public ImageTraitsRequestFilter() {}

    /** {@inheritDoc} */
    @Override
    public PlacementRequest apply(PlacementRequest request, Map<String, Map<String, String>> aggregates) {
        Set<String> traits = new HashSet<>();
        Map<String, String> properties = request.image().properties();
        PREFIXES.forEach((property, prefix) -> {
            String value = properties.get(property);
            if (value != null) {
                traits.add(prefix + name(property, value));
            }
        });
        return traits.isEmpty()
                ? request
                : request.toBuilder().requireTraits(traits).build();
    }

    private static String name(String property, String value) {
        String model = value.strip();
        if (!VALUE.matcher(model).matches()) {
            throw new InvalidRequest(
                    "image.properties." + property,
                    value,
                    "names no model: it has characters that no trait has",
                    "Set one of letters, digits, '_' and '-', such as 'virtio'");
        }
        return model.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                "requires the traits of os-traits for what the image asks for",
                "image properties `hw_architecture`, `hw_cdrom_bus`, `hw_disk_bus`, `hw_emulation_architecture`,"
                        + " `hw_video_model`, `hw_vif_model`",
                "traits of the host's provider");
    }
}
