package collectors.apple.powermetrics;

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
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What one property list of powermetrics(1) says. Apple Silicon gives {@code cpu_power} and the like in mW and
 * {@code cpu_energy} and the like in mJ of this sample; Intel gives {@code package_watts} and {@code package_joules}.
 *
 * @param model           {@code hw_model}, such as {@code Mac14,6}; null when the list does not say
 * @param cpu             the CPU of an Apple chip
 * @param gpu             its GPU
 * @param neuralEngine    its neural engine
 * @param combined        these three together
 * @param intelPackage    an Intel CPU with its graphics
 * @param gpuBusyPercent  percent of time in which the GPU was not idle
 * @param seconds         how long the list covers; unavailable when it does not say
 */
record PowermetricsSample(String model, Part cpu, Part gpu, Part neuralEngine, Part combined, Part intelPackage,
                          double gpuBusyPercent, double seconds) {

    /** No Mac draws more: a greater number is a sentinel. */
    private static final double MAX_WATTS = 2000;
    /** Some chips publish their energy in batches: a list may hold what was used up to so long before it. */
    private static final double MAX_BATCH_SECONDS = 2.5;

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

    /** How long the list covers, or else what it was asked to. */
    double secondsOr(double otherwise) {
        return isAvailable(seconds) ? seconds : otherwise;
    }

    /**
     * Reads a list. Nothing outside it is ever opened, and a list that defines entities is rejected.
     *
     * @throws ParseException with a reason when it is not a list as powermetrics writes them
     */
    static PowermetricsSample parse(byte[] list) throws ParseException {
        if (!(root(list) instanceof NSDictionary top)) {
            throw new ParseException("is not a dictionary", 0);
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
                isAvailable(idleRatio) && idleRatio <= 1 ? 100 * (1 - idleRatio) : UNAVAILABLE, seconds);
    }

    private static Part part(double watts, double millijoules, double seconds) {
        double known = isAvailable(seconds) ? seconds : 0;
        double powerWatts = watts <= MAX_WATTS ? watts : UNAVAILABLE;
        if (isAvailable(millijoules) && millijoules <= 1e3 * MAX_WATTS * (known + MAX_BATCH_SECONDS)) {
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
            DocumentBuilder builder = XMLPropertyListParser.getDocBuilder(); // opens nothing outside the list
            builder.setErrorHandler(new DefaultHandler()); // the default one prints
            Document document = builder.parse(new ByteArrayInputStream(list));
            if (document.getDoctype() != null && document.getDoctype().getInternalSubset() != null) {
                throw new ParseException("defines entities of its own", 0);
            }
            leaveOutArrays(document);
            return XMLPropertyListParser.parse(document);
        } catch (SAXException | IOException | PropertyListFormatException | RuntimeException e) {
            // dd-plist throws several runtime exceptions at malformed lists
            throw new ParseException(String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString()), 0);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser has what dd-plist asks of it", e);
        }
    }

    /** The arrays, most of a list, describe each core: they are not parsed, so that no number there spoils the rest. */
    private static void leaveOutArrays(Document document) {
        NodeList arrays = document.getElementsByTagName("array");
        for (int i = 0; i < arrays.getLength(); i++) {
            arrays.item(i).setTextContent("");
        }
    }
}
