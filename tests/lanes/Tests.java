package lanes;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Order;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Finds the classes of tests, and runs them. */
public final class Tests {

    private Tests() {
    }

    /** The classes below a folder or in a jar whose name fits, those with a low {@link Order} first. */
    public static List<Class<?>> find(Path tests, String name) {
        TestPlan plan = LauncherFactory.create().discover(request(selectClasspathRoots(Set.of(tests)), name));
        return plan.getRoots().stream().flatMap(engine -> plan.getChildren(engine).stream())
                .flatMap(test -> test.getSource().stream()).filter(ClassSource.class::isInstance)
                .<Class<?>>map(source -> ((ClassSource) source).getJavaClass())
                .sorted(Comparator.comparingInt(Tests::order)).toList();
    }

    /** Runs one class. */
    public static void run(String name, TestExecutionListener report) {
        LauncherFactory.create().execute(request(List.of(selectClass(name)), ".*"), report);
    }

    /** Runs one test. */
    public static void run(UniqueId test, TestExecutionListener report) {
        LauncherFactory.create().execute(request(List.of(selectUniqueId(test)), ".*"), report);
    }

    /** With the order as a parameter, without which JUnit tells that it is of no effect. */
    private static LauncherDiscoveryRequest request(List<? extends DiscoverySelector> what, String name) {
        return LauncherDiscoveryRequestBuilder.request().selectors(what)
                .filters(ClassNameFilter.includeClassNamePatterns(name))
                .configurationParameter("junit.jupiter.testclass.order.default",
                        ClassOrderer.OrderAnnotation.class.getName()).build();
    }

    private static int order(Class<?> test) {
        Order order = test.getAnnotation(Order.class);
        return order == null ? Order.DEFAULT : order.value();
    }
}
