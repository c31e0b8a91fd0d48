package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.spi.scheduler.WeightScale;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Raw weights on a scale from 0 to 1: by hand, and whatever they are. */
final class NormalisationTest {
    @Test
    void minMaxByHand() {
        assertArrayEquals(new double[] {0, 0.25, 1}, minMax(new double[] {2, 4, 10}));
        assertArrayEquals(new double[] {0, 0.5, 1}, minMax(new double[] {-10, -5, 0}));
        assertArrayEquals(new double[] {0, 0, 0}, minMax(new double[] {7, 7, 7}));
        assertArrayEquals(new double[] {0, 0, 1}, minMax(new double[] {Double.NaN, 1, 2}));
    }

    @Test
    void fromZeroByHand() {
        assertArrayEquals(new double[] {0.2, 0.4, 1}, fromZero(new double[] {2, 4, 10}));
        assertArrayEquals(new double[] {0, 0.5, 1}, fromZero(new double[] {-8, 4, 8}));
        assertArrayEquals(new double[] {1, 1}, fromZero(new double[] {7, 7}));
        assertArrayEquals(new double[] {0, 0, 0}, fromZero(new double[] {-3, -2, -1}));
        assertArrayEquals(new double[] {0, 0}, fromZero(new double[] {0, 0}));
        assertArrayEquals(
                new double[] {0, 0, 0.5, 1}, fromZero(new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1, 2}));
        assertArrayEquals(new double[] {0, 1}, fromZero(new double[] {-Double.MAX_VALUE, Double.MIN_VALUE}));
        assertArrayEquals(new double[0], fromZero(new double[0]));
    }

    @Test
    void extremesAreNormalisedWithoutOverflow() {
        assertArrayEquals(new double[] {0, 0.5, 1}, minMax(new double[] {-Double.MAX_VALUE, 0, Double.MAX_VALUE}));
        assertArrayEquals(new double[] {0, 0}, minMax(new double[] {7, 7}));
        assertArrayEquals(new double[] {0}, minMax(new double[] {Double.POSITIVE_INFINITY}));
        assertArrayEquals(new double[0], minMax(new double[0]));
    }

    @Property
    void normalisedValuesStayInRangeAndKeepTheirOrder(@ForAll WeightScale scale, @ForAll @Size(max = 20) double[] raw) {
        double[] normalised = of(scale, raw);

        for (int i = 0; i < raw.length; i++) {
            assertTrue(normalised[i] >= 0 && normalised[i] <= 1, raw[i] + " became " + normalised[i]);
            for (int j = 0; j < raw.length; j++) {
                if (Double.isFinite(raw[i]) && Double.isFinite(raw[j]) && raw[i] < raw[j]) {
                    assertTrue(normalised[i] <= normalised[j], raw[i] + " and " + raw[j] + " changed places");
                }
            }
        }
    }

    @Property
    void minMaxDoesNotChangeWithShiftAndScale(
            @ForAll @Size(max = 20) int[] raw,
            @ForAll @IntRange(min = -1000, max = 1000) int shift,
            @ForAll @IntRange(min = 1, max = 1000) int factor) {
        double[] changed = Arrays.stream(raw)
                .mapToDouble(value -> ((double) value + shift) * factor)
                .toArray();

        assertArrayEquals(minMax(doubles(raw)), minMax(changed), 1e-9);
    }

    @Property
    void fromZeroDoesNotChangeWithScaleButBringsTheRestNearerWithAShiftUp(
            @ForAll @Size(max = 20) int[] raw,
            @ForAll @IntRange(min = 1, max = 1000) int shift,
            @ForAll @IntRange(min = 1, max = 1000) int factor) {
        double[] before = fromZero(doubles(raw));
        double[] scaled =
                Arrays.stream(raw).mapToDouble(value -> (double) value * factor).toArray();
        double[] shifted =
                Arrays.stream(raw).mapToDouble(value -> (double) value + shift).toArray();

        assertArrayEquals(before, fromZero(scaled), 1e-9);
        double[] after = fromZero(shifted);
        for (int i = 0; i < raw.length; i++) {
            assertTrue(after[i] >= before[i] - 1e-9, raw[i] + " fell from " + before[i] + " to " + after[i]);
        }
    }

    @Property
    void theBestHasOneUnlessNothingTellsThemApart(
            @ForAll WeightScale scale, @ForAll @Size(min = 1, max = 20) int[] raw) {
        double best = Arrays.stream(of(scale, doubles(raw))).max().orElseThrow();
        int max = Arrays.stream(raw).max().orElseThrow();
        boolean apart = scale == WeightScale.FROM_ZERO
                ? max > 0
                : max > Arrays.stream(raw).min().orElseThrow();

        assertEquals(apart ? 1.0 : 0.0, best);
    }

    private static double[] doubles(int[] raw) {
        return Arrays.stream(raw).asDoubleStream().toArray();
    }

    private static double[] minMax(double[] raw) {
        return of(WeightScale.MIN_MAX, raw);
    }

    private static double[] fromZero(double[] raw) {
        return of(WeightScale.FROM_ZERO, raw);
    }

    private static double[] of(WeightScale scale, double[] raw) {
        Normalisation normalisation = Normalisation.over(scale, raw, raw.length);
        double[] normalised = new double[raw.length];
        for (int i = 0; i < raw.length; i++) {
            normalised[i] = normalisation.of(raw[i]);
        }
        return normalised;
    }
}
