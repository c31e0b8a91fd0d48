package io.gantry.core.lifecycle;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.SchedulerHints;
import io.gantry.instance.ServerGroupId;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The part of a request to create that makes two of them equal. */
record CreateKey(
        String name,
        String flavor,
        String image,
        String host,
        String zone,
        String group,
        Map<String, String> metadata,
        Set<String> tags,
        String description,
        String hostname,
        String keyName,
        String userData,
        Map<String, String> files,
        boolean configDrive,
        String hints,
        int min,
        int max) {
    static CreateKey of(InstanceSpec spec, int min, int max) {
        return new CreateKey(
                spec.name(),
                spec.flavor(),
                spec.image().toString(),
                spec.host().map(HostId::value).orElse("") + (spec.forced() ? " forced" : ""),
                spec.zone().orElse(""),
                spec.group().map(ServerGroupId::toString).orElse(""),
                new TreeMap<>(spec.metadata()),
                new TreeSet<>(spec.tags()),
                spec.description().orElse(""),
                spec.hostname().orElse(""),
                spec.keyName().orElse(""),
                Base64.getEncoder().encodeToString(spec.userData()),
                Contents.encoded(spec.files()),
                spec.configDrive(),
                spec.hints().equals(SchedulerHints.NONE) ? "" : spec.hints().toString(),
                min,
                max);
    }
}
