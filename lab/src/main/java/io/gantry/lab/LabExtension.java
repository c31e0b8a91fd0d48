package io.gantry.lab;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives tests the lab; see {@link WithLab}. */
public final class LabExtension implements ExecutionCondition, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

    /** Made by JUnit. */
    public LabExtension() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Obstacle obstacle = store(context).getOrComputeIfAbsent(Obstacle.class, key -> Obstacle.find(), Obstacle.class);
        return obstacle == null || obstacle.reason().isEmpty()
                ? ConditionEvaluationResult.enabled("the lab can run here")
                : ConditionEvaluationResult.disabled(obstacle.reason().get());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
        int hosts = Stream.<Class<?>>iterate(context.getRequiredTestClass(), Objects::nonNull, Class::getEnclosingClass)
                .flatMap(type -> AnnotationSupport.findAnnotation(type, WithLab.class).stream())
                .mapToInt(WithLab::hosts)
                .max()
                .orElse(2);
        return store(context)
                .getOrComputeIfAbsent(SharedLab.class, key -> new SharedLab(), SharedLab.class)
                .get(hosts);
    }

    private static Store store(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }
}
