package io.gantry.jmh.packing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The optimum that packing is compared with is what trying everything yields. */
final class OptimumTest {
    private static final int CASES = 300;

    private static Size size(Random random, int most) {
        int vcpus = 1 + random.nextInt(most);
        return new Size(vcpus, vcpus * (1 + random.nextInt(4)), vcpus * (1 + random.nextInt(3)));
    }

    /** Puts each instance onto each host, without any short cut. */
    private static boolean fits(List<Size> rooms, List<Size> requests) {
        if (requests.isEmpty()) {
            return true;
        }
        Size next = requests.get(0);
        for (int i = 0; i < rooms.size(); i++) {
            if (next.fits(rooms.get(i))) {
                List<Size> after = new ArrayList<>(rooms);
                after.set(i, rooms.get(i).less(next));
                if (fits(after, requests.subList(1, requests.size()))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void itIsWhatTryingEverythingYields() {
        Random random = new Random(7);
        for (int i = 0; i < CASES; i++) {
            List<Size> hosts = Collections.nCopies(2 + random.nextInt(2), new Size(8, 20, 14));
            List<Size> requests = new ArrayList<>();
            while (requests.size() < 9) {
                requests.add(size(random, 5));
            }
            int most = 0;
            while (most < requests.size() && fits(hosts, requests.subList(0, most + 1))) {
                most++;
            }

            assertEquals(most, Optimum.of(hosts, requests), () -> hosts + " for " + requests);
        }
    }

    @Test
    void whatFillsHostsExactlyFits() {
        List<Size> hosts = Collections.nCopies(3, new Size(32, 128, 1_000));

        assertEquals(6, Optimum.of(hosts, Collections.nCopies(7, new Size(16, 64, 500))));
    }
}
