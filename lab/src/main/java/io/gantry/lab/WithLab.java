package io.gantry.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class need the lab; they get it as a parameter of type {@link Lab}. All tests of the JVM share one lab.
 * Where there can be none, they are skipped; with the system property {@code gantry.lab.required=true} they fail.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(LabExtension.class)
public @interface WithLab {
    /** How many hosts there must be, at least. */
    int hosts() default 2;
}
