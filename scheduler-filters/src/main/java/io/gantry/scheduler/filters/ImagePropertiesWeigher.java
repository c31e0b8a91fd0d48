package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Prefers hosts with many instances whose images are alike: for each of some image properties, the instances on the host whose
 * image has it with the value that it has in the image that is placed, times the property's weight. With a negative multiplier
 * it keeps like images apart.
 */
public final class ImagePropertiesWeigher implements HostWeigher {
    private final Map<String, Double> weights;

    /**
     * Creates the weigher.
     *
     * @param weights the properties that count, 1 or more, each with its weight, which is finite
     * @throws InvalidRequest if there are none, or a weight is not finite
     */
    public ImagePropertiesWeigher(Map<String, Double> weights) {
        // In order, so that sums are the same to the last digit.
        this.weights = new TreeMap<>(weights);
        if (weights.isEmpty()) {
            throw new InvalidRequest(
                    "imagePropertiesWeigher.weights", weights, "name no property", "Name one that images have");
        }
        this.weights.forEach((property, weight) -> {
            if (!Double.isFinite(weight)) {
                throw new InvalidRequest(
                        "imagePropertiesWeigher.weights." + property,
                        weight,
                        "is not finite",
                        "Give a number, such as 1");
            }
        });
    }

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        double sum = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            String value = request.image().properties().get(weight.getKey());
            if (value != null) {
                sum += weight.getValue() * host.instancesWith(weight.getKey(), value);
            }
        }
        return sum;
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        boolean asksNothing =
                weights.keySet().stream().noneMatch(request.image().properties()::containsKey);
        return asksNothing ? Optional.of(ColumnWeigher.ZERO) : Optional.empty();
    }

    @Override
    public Set<String> imageProperties() {
        return Set.copyOf(weights.keySet());
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("image_props_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "instances whose images have the same properties, each property times its weight",
                        "image properties that `weights` names",
                        "properties of the images of the host's instances")
                .option("weights", "none: required", "the properties that count, each with its weight");
    }
}
