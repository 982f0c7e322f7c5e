package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import com.dd.plist.NSDictionary;
import com.dd.plist.NSNumber;
import com.dd.plist.NSObject;
import com.dd.plist.NSString;
import com.dd.plist.PropertyListFormatException;
import com.dd.plist.XMLPropertyListParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.text.ParseException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What one property list of powermetrics(1) says. Apple Silicon gives {@code cpu_power} and the like in mW and
 * {@code cpu_energy} and the like in mJ of this sample; Intel gives {@code package_watts} and {@code package_joules}.
 *
 * @param model           {@code hw_model}, such as {@code Mac14,6}; null when the list does not tell
 * @param cpu             the CPU of an Apple chip
 * @param gpu             its GPU
 * @param neuralEngine    its neural engine
 * @param combined        these three together
 * @param intelPackage    an Intel CPU with its graphics
 * @param gpuBusyPercent  percent of time in which the GPU was not idle
 */
record PowermetricsSample(String model, Part cpu, Part gpu, Part neuralEngine, Part combined, Part intelPackage,
                          double gpuBusyPercent) {

    /** No Mac draws more: a greater number is a sentinel. */
    private static final double MOST_WATTS = 2000;
    /** Some chips publish their energy in batches: a sample may hold what was used so long before it. */
    private static final double LONGEST_BATCH_SECONDS = 2.5;
    private static final String MOST_DEPTH = "32";

    private static final DocumentBuilderFactory DOCUMENTS = documents();

    /**
     * What a part of the chip used during the sample.
     *
     * @param powerWatts watts, the mean over the sample
     * @param millijoules of the sample: as listed, or else the power over the length that the list gives the sample
     */
    record Part(double powerWatts, double millijoules) {

        boolean isKnown() {
            return isAvailable(powerWatts) || isAvailable(millijoules);
        }
    }

    /**
     * Reads a list. Nothing outside it is ever opened, and its entities are not believed.
     *
     * @throws ParseException with a reason when it is no list, or none of powermetrics'
     */
    static PowermetricsSample parse(byte[] list) throws ParseException {
        if (!(root(list) instanceof NSDictionary top)) {
            throw new ParseException("is no dictionary", 0);
        }
        if (top.get("is_delta") instanceof NSNumber isDelta && !isDelta.boolValue()) {
            throw new ParseException("counts from the machine's start, not from the sample before", 0);
        }
        if (!(top.get("processor") instanceof NSDictionary processor)) {
            throw new ParseException("has no processor", 0);
        }
        NSDictionary gpu = top.get("gpu") instanceof NSDictionary dictionary ? dictionary : new NSDictionary();
        double seconds = number(top, "elapsed_ns", 1e-9);
        Part cpu = part(number(processor, "cpu_power", 1e-3), number(processor, "cpu_energy", 1), seconds);
        double gpuMillijoules = number(processor, "gpu_energy", 1);
        Part graphics = part(number(processor, "gpu_power", 1e-3),
                isAvailable(gpuMillijoules) ? gpuMillijoules : number(gpu, "gpu_energy", 1), seconds);
        Part neuralEngine = part(number(processor, "ane_power", 1e-3), number(processor, "ane_energy", 1), seconds);
        double combinedWatts = number(processor, "combined_power", 1e-3);
        Part combined = part(
                isAvailable(combinedWatts) ? combinedWatts
                        : sum(cpu.powerWatts, graphics.powerWatts, neuralEngine.powerWatts),
                sum(cpu.millijoules, graphics.millijoules, neuralEngine.millijoules), seconds);
        double idleRatio = number(gpu, "idle_ratio", 1);
        return new PowermetricsSample(top.get("hw_model") instanceof NSString model ? model.getContent() : null,
                cpu, graphics, neuralEngine, combined,
                part(number(processor, "package_watts", 1), number(processor, "package_joules", 1e3), seconds),
                isAvailable(idleRatio) && idleRatio <= 1 ? 100 * (1 - idleRatio) : UNAVAILABLE);
    }

    private static Part part(double watts, double millijoules, double seconds) {
        double known = isAvailable(seconds) ? seconds : 0;
        double powerWatts = watts <= MOST_WATTS ? watts : UNAVAILABLE;
        if (isAvailable(millijoules) && millijoules <= 1e3 * MOST_WATTS * (known + LONGEST_BATCH_SECONDS)) {
            return new Part(powerWatts, millijoules);
        }
        return new Part(powerWatts, isAvailable(powerWatts) && isAvailable(seconds)
                ? 1e3 * powerWatts * seconds : UNAVAILABLE);
    }

    private static double sum(double first, double second, double third) {
        return isAvailable(first) && isAvailable(second) && isAvailable(third) ? first + second + third : UNAVAILABLE;
    }

    private static double number(NSDictionary dictionary, String key, double unit) {
        return dictionary.get(key) instanceof NSNumber number && !number.isBoolean()
                && isAvailable(number.doubleValue()) ? number.doubleValue() * unit : UNAVAILABLE;
    }

    private static NSObject root(byte[] list) throws ParseException {
        try {
            DocumentBuilder builder = DOCUMENTS.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // the default one prints
            Document document = builder.parse(new ByteArrayInputStream(list));
            if (document.getDoctype() != null && document.getDoctype().getInternalSubset() != null) {
                throw new ParseException("defines entities of its own", 0);
            }
            leaveOutArrays(document.getDocumentElement());
            return XMLPropertyListParser.parse(document);
        } catch (SAXException | IOException | PropertyListFormatException | RuntimeException e) {
            // dd-plist throws several runtime exceptions at what is no property list
            throw new ParseException(String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString()), 0);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser has these features", e);
        }
    }

    /** The arrays, most of a list, tell of each core: they are not parsed, and no number there spoils the rest. */
    private static void leaveOutArrays(Node node) {
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals("array")) {
                child.setTextContent("");
            } else if (child instanceof Element) {
                leaveOutArrays(child);
            }
        }
    }

    private static DocumentBuilderFactory documents() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser has these features", e);
        }
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        factory.setAttribute("jdk.xml.entityExpansionLimit", "1");
        factory.setAttribute("jdk.xml.maxElementDepth", MOST_DEPTH);
        factory.setCoalescing(true);
        factory.setIgnoringComments(true);
        return factory;
    }
}
