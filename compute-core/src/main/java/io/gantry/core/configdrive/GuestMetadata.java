package io.gantry.core.configdrive;

import static java.util.Objects.requireNonNull;

import io.gantry.identity.ProjectId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.ConfigDrive;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a guest is told of itself.
 *
 * @param id its instance
 * @param project whose it is
 * @param name the instance's name
 * @param hostname what the guest is to call itself
 * @param zone the availability zone that it is in
 * @param launchIndex which of several that were created together it is, from 0
 * @param metadata the owner's key-value pairs
 * @param key the owner's public key
 * @param userData base64 of what the owner has for its cloud-init; empty for nothing
 * @param files base64 of the contents of files that its cloud-init is to write, by their paths
 */
public record GuestMetadata(
        InstanceId id,
        ProjectId project,
        String name,
        String hostname,
        Optional<String> zone,
        int launchIndex,
        Map<String, String> metadata,
        Optional<Key> key,
        String userData,
        Map<String, String> files) {
    private static final String LATEST = "openstack/latest/";

    /**
     * A public key.
     *
     * @param name the key pair's name
     * @param text an OpenSSH key in one line, or an X.509 certificate in PEM
     */
    public record Key(String name, String text) {
        boolean isCertificate() {
            return text.startsWith("-----BEGIN ");
        }
    }

    /**
     * {@return the config drive that says this} The same each time: what is written twice is the same file.
     *
     * @see <a href="https://docs.openstack.org/nova/latest/user/metadata.html">OpenStack's metadata</a>
     */
    public ConfigDrive toConfigDrive() {
        Map<String, byte[]> drive = new TreeMap<>();
        drive.put(LATEST + "meta_data.json", MetadataJson.write(this));
        if (!userData.isEmpty()) {
            drive.put(LATEST + "user_data", Base64.getDecoder().decode(userData));
        }
        List<String> paths = paths();
        for (int i = 0; i < paths.size(); i++) {
            byte[] content = Base64.getDecoder().decode(requireNonNull(files.get(paths.get(i))));
            drive.put("openstack" + contentPath(i), content);
        }
        return new ConfigDrive(IsoImage.write(ConfigDrive.LABEL, drive));
    }

    /** {@return the paths of the files, in the order of their contents on the drive} */
    List<String> paths() {
        return files.keySet().stream().sorted().toList();
    }

    /** {@return where the content of a file is, below {@code openstack}} */
    static String contentPath(int number) {
        return "/content/%04d".formatted(number);
    }

    /** {@return whose it is; neither keys nor user data} */
    @Override
    public String toString() {
        return "GuestMetadata[" + id + "]";
    }
}
