package io.gantry.driver.kvm;

import io.gantry.lab.Lab;
import io.gantry.lab.WithLab;
import org.junit.jupiter.api.AfterEach;

/** Each test has two hosts of the lab with storage of its own, from which its guests are removed afterwards. */
@WithLab(hosts = 2)
abstract class KvmTestBase {
    final Lab lab;
    final TestBed bed;

    KvmTestBase(Lab lab) {
        this(lab, new TestBed(lab));
    }

    KvmTestBase(Lab lab, TestBed bed) {
        this.lab = lab;
        this.bed = bed;
    }

    @AfterEach
    void cleanUp() {
        bed.close();
    }
}
