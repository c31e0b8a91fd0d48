package io.gantry.instance;

import io.gantry.error.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The forms of what owners write about their instances; the limits are Nova's. */
public final class InstanceText {
    static final int MOST_METADATA_ITEMS = 1024;
    static final int MOST_TAGS = 50;

    /** Nova's 65,535 characters of base64 hold so many bytes. */
    static final int MOST_USER_DATA_BYTES = 65_535 / 4 * 3;

    /** The quotas are lower: these keep what is stored with an instance within reason where there are none. */
    static final int MOST_FILES = 128;

    static final int MOST_FILE_BYTES = 1 << 20;

    private static final int MOST_TEXT = 255;
    private static final int MOST_TAG = 60;
    private static final int MOST_LABEL = 63;
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N} ._:-]{0,253}[\\p{L}\\p{M}\\p{N}._:-])?");
    private static final Pattern FILE_PATH = Pattern.compile("(?=.{2,4096}$)(/[^/\\p{Cntrl}]+)+");
    private static final Pattern METADATA_KEY = Pattern.compile("[A-Za-z0-9_:. -]{1,255}");
    private static final Pattern HOSTNAME =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private InstanceText() {}

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequest(
                    "instance.name",
                    name,
                    "must be 1 to 255 letters, digits, spaces and '. _ : -', starting with a letter or digit",
                    "Choose a name such as 'web-1'; keep free text in the description or in metadata");
        }
    }

    static void checkDescription(String description) {
        if (description.length() > MOST_TEXT || description.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidRequest(
                    "instance.description",
                    description,
                    "must have at most 255 characters, none of them a control character",
                    "Shorten the description");
        }
    }

    static void checkHostname(String hostname) {
        if (hostname.length() > MOST_TEXT || !HOSTNAME.matcher(hostname).matches()) {
            throw new InvalidRequest(
                    "instance.hostname",
                    hostname,
                    "must be a DNS name: labels of 1 to 63 lower-case letters, digits and '-', 255 characters in all",
                    "Give a host name such as 'web-1' or 'web-1.example.org'");
        }
    }

    /**
     * Checks metadata.
     *
     * @param metadata all items of an instance: at most 1024, keys of 1 to 255 ASCII letters, digits, spaces and
     *     {@code - _ : .}, values of at most 255 characters
     * @throws InvalidRequest if they have another form
     */
    public static void checkMetadata(Map<String, String> metadata) {
        if (metadata.size() > MOST_METADATA_ITEMS) {
            throw new InvalidRequest(
                    "instance.metadata", metadata.size() + " items", "must have at most 1024 items", "Remove items");
        }
        metadata.forEach((key, value) -> {
            if (!METADATA_KEY.matcher(key).matches()) {
                throw new InvalidRequest(
                        "instance.metadata.key",
                        key,
                        "must be 1 to 255 ASCII letters, digits, spaces and '- _ : .'",
                        "Rename the key");
            }
            if (value.length() > MOST_TEXT) {
                throw new InvalidRequest(
                        "instance.metadata." + key, value, "must have at most 255 characters", "Shorten the value");
            }
        });
    }

    /**
     * Checks tags.
     *
     * @param tags all tags of an instance: at most 50, each of 1 to 60 characters, none of them {@code /}, {@code ,} or a
     *     control character
     * @throws InvalidRequest if they have another form
     */
    public static void checkTags(Collection<String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw new InvalidRequest("instance.tags", tags.size() + " tags", "must be at most 50 tags", "Remove tags");
        }
        for (String tag : tags) {
            if (tag.isEmpty()
                    || tag.length() > MOST_TAG
                    || tag.contains("/")
                    || tag.contains(",")
                    || tag.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidRequest(
                        "instance.tags",
                        tag,
                        "must have 1 to 60 characters, none of them '/', ',' or a control character",
                        "Rename the tag");
            }
        }
    }

    static void checkUserData(byte[] data) {
        if (data.length > MOST_USER_DATA_BYTES) {
            throw new InvalidRequest(
                    "instance.userData",
                    data.length + " bytes",
                    "must have at most " + MOST_USER_DATA_BYTES + " bytes",
                    "Let the user data fetch the rest");
        }
    }

    static void checkFiles(Map<String, byte[]> files) {
        if (files.size() > MOST_FILES) {
            throw new InvalidRequest(
                    "instance.files",
                    files.size() + " files",
                    "must be at most " + MOST_FILES + " files",
                    "Let the user data fetch them");
        }
        long bytes =
                files.values().stream().mapToLong(content -> content.length).sum();
        if (bytes > MOST_FILE_BYTES) {
            throw new InvalidRequest(
                    "instance.files",
                    bytes + " bytes",
                    "must have at most " + MOST_FILE_BYTES + " bytes in all",
                    "Let the user data fetch them");
        }
        files.keySet().forEach(path -> {
            if (!FILE_PATH.matcher(path).matches() || path.contains("/../") || path.endsWith("/..")) {
                throw new InvalidRequest(
                        "instance.files",
                        path,
                        "must be an absolute path of at most 4,096 characters, without '..' and control characters, and not"
                                + " that of a directory",
                        "Give a path such as '/etc/motd'");
            }
        });
    }

    /** {@return a host name derived from a name; the fallback where nothing of it can be kept} */
    static String hostname(String name, String fallback) {
        String ascii = new String(
                Normalizer.normalize(name, Normalizer.Form.NFKD).getBytes(StandardCharsets.US_ASCII),
                StandardCharsets.US_ASCII);
        String label = ascii.toLowerCase(Locale.ROOT)
                .replaceAll("[ _.:]+", "-")
                .replaceAll("[^a-z0-9-]", "")
                .replaceAll("-+", "-");
        label = label.substring(0, Math.min(label.length(), MOST_LABEL)).replaceAll("^-+|-+$", "");
        return label.isEmpty() ? fallback : label;
    }
}
