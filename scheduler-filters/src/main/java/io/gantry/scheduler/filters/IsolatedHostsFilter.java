package io.gantry.scheduler.filters;

import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Set;

/**
 * Keeps some images to some hosts: isolated images only to isolated hosts and, where the filter restricts, isolated hosts only to
 * isolated images. Reads the image's id and the host's. Options: the images and the hosts, none by default, and whether it
 * restricts, as it does by default.
 *
 * <p>Rejects with code {@code IMAGE_ISOLATED} an isolated image's other hosts, and with {@code HOST_ISOLATED} an isolated
 * host for other images; needed names the image, free the host.
 */
public final class IsolatedHostsFilter implements HostFilter {
    private final Set<ImageId> images;
    private final Set<HostId> hosts;
    private final boolean restrict;

    /**
     * Creates a filter that restricts.
     *
     * @param images the isolated images
     * @param hosts the isolated hosts
     */
    public IsolatedHostsFilter(Set<ImageId> images, Set<HostId> hosts) {
        this(images, hosts, true);
    }

    /**
     * Creates the filter.
     *
     * @param images the isolated images
     * @param hosts the isolated hosts
     * @param restrict whether isolated hosts are for isolated images only
     */
    public IsolatedHostsFilter(Set<ImageId> images, Set<HostId> hosts, boolean restrict) {
        this.images = Set.copyOf(images);
        this.hosts = Set.copyOf(hosts);
        this.restrict = restrict;
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        ImageId image = request.image().id();
        boolean imageIsolated = images.contains(image);
        boolean hostIsolated = hosts.contains(host.id());
        if (imageIsolated && !hostIsolated) {
            return Verdict.reject("IMAGE_ISOLATED", "an isolated host for image " + image, "one that is not isolated");
        }
        if (restrict && hostIsolated && !imageIsolated) {
            return Verdict.reject("HOST_ISOLATED", "a host for image " + image, "one that is for isolated images only");
        }
        return Verdict.pass();
    }

    @Override
    public boolean runsOnRebuild() {
        return true;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "that are isolated, for isolated images; that are not, for other images",
                        "the image's id",
                        "the host's id")
                .option("images", "none", "the isolated images")
                .option("hosts", "none", "the isolated hosts")
                .option("restrict", "true", "whether isolated hosts are for isolated images only")
                .rejectingWith("IMAGE_ISOLATED", "HOST_ISOLATED");
    }
}
