package io.gantry.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What cloud-init made of an instance, as the guest tells it.
 *
 * @param datasource where cloud-init got it from: {@code ConfigDrive}, or {@code None} if there was none of use
 * @param instanceId the instance's id
 * @param hostname the guest's host name
 * @param authorizedKeys the lines of the default user's {@code authorized_keys}, in no particular order
 * @param userDataSha256 SHA-256 of the user data as cloud-init stored them, in hexadecimal; that of nothing without any
 * @param metadata the entries of {@code meta}
 * @param availabilityZone the instance's zone, if it was told
 * @param errors what cloud-init could not do
 * @param output all else the guest printed during that boot, such as what scripts in the user data did
 */
public record CloudInitReport(
        String datasource,
        String instanceId,
        String hostname,
        List<String> authorizedKeys,
        String userDataSha256,
        Map<String, String> metadata,
        Optional<String> availabilityZone,
        List<String> errors,
        List<String> output) {
    private static final String PREFIX = "CLOUDINIT ";
    private static final String META = "meta ";
    private static final Pattern HEAD = Pattern.compile("datasource=(\\S+) instance-id=(\\S+) hostname=(\\S+)");
    private static final Pattern FIELD = Pattern.compile("((?:[^\\\\=]|\\\\.)+)=(.*)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    /** Makes the collections immutable. */
    public CloudInitReport {
        authorizedKeys = List.copyOf(authorizedKeys);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        errors = List.copyOf(errors);
        output = List.copyOf(output);
    }

    /**
     * The report of one boot in these lines of a console, if it is there and complete.
     *
     * @param boot which one, from 1
     */
    static Optional<CloudInitReport> parse(List<String> lines, int boot) {
        String head = "";
        boolean done = false;
        Map<String, List<String>> values = new HashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<String> output = new ArrayList<>();
        for (String line : linesOf(boot, lines)) {
            if (!line.startsWith(PREFIX)) {
                output.add(line);
                continue;
            }
            String text = line.substring(PREFIX.length());
            Matcher field = FIELD.matcher(text);
            if (text.startsWith("done ")) {
                done = true;
            } else if (text.startsWith("datasource=")) {
                head = text;
            } else if (field.matches() && field.group(1).startsWith(META)) {
                metadata.put(unescape(field.group(1).substring(META.length())), unescape(field.group(2)));
            } else if (field.matches()) {
                values.computeIfAbsent(field.group(1), key -> new ArrayList<>()).add(unescape(field.group(2)));
            }
        }
        Matcher matcher = HEAD.matcher(head);
        if (!done || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new CloudInitReport(
                matcher.group(1),
                matcher.group(2),
                matcher.group(3),
                values.getOrDefault("authorized-key", List.of()),
                String.join("", values.getOrDefault("user-data-sha256", List.of())),
                metadata,
                values.getOrDefault("availability-zone", List.of()).stream().findFirst(),
                values.getOrDefault("error", List.of()),
                output));
    }

    private static List<String> linesOf(int boot, List<String> lines) {
        List<String> found = new ArrayList<>();
        int boots = 0;
        for (String line : lines) {
            if (line.startsWith(PREFIX + "start ")) {
                boots++;
            } else if (boots == boot) {
                // a console's log is read as one character per byte
                found.add(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        switch (match.group(1)) {
                            case "n" -> "\n";
                            case "r" -> "\r";
                            default -> match.group(1);
                        }));
    }
}
