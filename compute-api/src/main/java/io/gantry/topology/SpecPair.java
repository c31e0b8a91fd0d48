package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A flavor's extra specs under {@code hw:} and their twins under {@code hw_} in an image. */
final class SpecPair {
    private final Map<String, String> extraSpecs;
    private final Map<String, String> imageProperties;

    SpecPair(Map<String, String> extraSpecs, Map<String, String> imageProperties) {
        this.extraSpecs = Map.copyOf(extraSpecs);
        this.imageProperties = Map.copyOf(imageProperties);
    }

    Optional<String> flavor(String name) {
        return Optional.ofNullable(extraSpecs.get("hw:" + name)).map(String::strip);
    }

    Optional<String> image(String name) {
        return Optional.ofNullable(imageProperties.get("hw_" + name)).map(String::strip);
    }

    /** {@return the value, of whichever of both has one} */
    Optional<String> either(String name) {
        return flavor(name).or(() -> image(name));
    }

    /** {@return the value, of the one that has it; both may not} */
    Optional<String> once(String name) {
        if (flavor(name).isPresent() && image(name).isPresent()) {
            throw contradiction(name);
        }
        return either(name);
    }

    String required(String name) {
        return once(name)
                .orElseThrow(() -> new InvalidRequest(
                        "hw:" + name, "", "is missing", "Set hw:numa_cpus.N and hw:numa_mem.N for each cell."));
    }

    /** {@return the value, on which both agree if both have one} */
    <E extends Enum<E>> Optional<E> agreed(String name, Class<E> words) {
        Optional<E> ofFlavor = flavor(name).map(text -> word("hw:" + name, text, words));
        Optional<E> ofImage = image(name).map(text -> word("hw_" + name, text, words));
        if (ofFlavor.isPresent() && ofImage.isPresent() && !ofFlavor.equals(ofImage)) {
            throw contradiction(name);
        }
        return ofFlavor.or(() -> ofImage);
    }

    boolean flag(String name) {
        return either(name)
                .map(text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on", "1" -> true;
                    case "false", "no", "off", "0" -> false;
                    default -> throw new InvalidRequest(shown(name), text, "is no yes or no", "Send true or false.");
                })
                .orElse(false);
    }

    <E extends Enum<E>> E word(String field, String text, Class<E> words) {
        return Arrays.stream(words.getEnumConstants())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidRequest(
                        field,
                        text,
                        "is unknown",
                        "Send one of "
                                + Arrays.stream(words.getEnumConstants())
                                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }

    InvalidRequest contradiction(String name) {
        return new InvalidRequest(
                "hw_" + name,
                image(name).orElse(""),
                "is set where the flavor sets hw:" + name + " " + flavor(name).orElse(""),
                "Set it in the flavor only, or in the image only.");
    }

    /** {@return the name under which it was sent} */
    String shown(String name) {
        return flavor(name).isEmpty() && image(name).isPresent() ? "hw_" + name : "hw:" + name;
    }

    /** {@return all keys of both, ordered} */
    List<String> keys() {
        List<String> keys = new ArrayList<>(extraSpecs.keySet());
        keys.addAll(imageProperties.keySet());
        keys.sort(null);
        return keys;
    }

    String value(String key) {
        return extraSpecs.getOrDefault(key, imageProperties.getOrDefault(key, ""));
    }
}
