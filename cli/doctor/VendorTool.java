package cli.doctor;

import static collectors.DeviceSample.UNAVAILABLE;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What the GPU vendor's own command says of each GPU at this moment, to hold the monitor's values against.
 *
 * @param name    of the command
 * @param gpus    what it says of each GPU; empty when it failed
 * @param failure why it said nothing, or null
 */
record VendorTool(String name, List<Gpu> gpus, String failure) {

    /**
     * One GPU. What the tool does not say is -1.
     *
     * @param uuid empty where the tool tells none
     */
    record Gpu(int index, String uuid, String name, double powerWatts, double limitWatts, double celsius) {
    }

    private static final long TIMEOUT_SECONDS = 10;

    private record Command(List<String> words, Function<String, List<Gpu>> parser) {
    }

    /** By platform, those that are tried first come first. */
    private static final Map<String, List<Command>> COMMANDS = Map.of(
            "nvidia", List.of(new Command(List.of("nvidia-smi",
                    "--query-gpu=index,uuid,power.draw,enforced.power.limit,temperature.gpu,name",
                    "--format=csv,noheader,nounits"), VendorTool::parseNvidiaSmi)),
            "amd", List.of(new Command(List.of("amd-smi", "metric", "--power", "--temperature", "--json"),
                            VendorTool::parseAmdSmi),
                    new Command(List.of("rocm-smi", "--showpower", "--showtemp", "--json"),
                            VendorTool::parseRocmSmi)));

    /** Asks the tool of a platform; null where the platform has none, or none is installed. */
    static VendorTool ask(String platform) throws InterruptedException {
        for (Command command : COMMANDS.getOrDefault(platform, List.of())) {
            String name = command.words().get(0);
            Process process;
            try {
                process = new ProcessBuilder(command.words()).redirectErrorStream(true).start();
            } catch (IOException e) {
                continue; // it is not installed
            }
            return new VendorTool(name, List.of(), null).filled(process, command.parser());
        }
        return null;
    }

    private VendorTool filled(Process process, Function<String, List<Gpu>> parser) throws InterruptedException {
        Thread killer = new Thread(() -> {
            try {
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "vendor-tool-timeout");
        killer.setDaemon(true);
        killer.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                return failed(output.lines().filter(line -> !line.isBlank()).findFirst().orElse("no output"));
            }
            return new VendorTool(name, parser.apply(output), null);
        } catch (IOException e) {
            return failed(e.getMessage());
        } catch (JsonParseException | IllegalStateException e) {
            return failed("its output has another form than expected");
        }
    }

    private VendorTool failed(String why) {
        return new VendorTool(name, List.of(), why);
    }

    /** What it says of a GPU: the one with that UUID, or where the tool tells no UUIDs, with that index; or null. */
    Gpu of(String uuid, int index) {
        return gpus.stream().filter(gpu -> gpu.uuid().isEmpty() ? gpu.index() == index : gpu.uuid().equals(uuid))
                .findFirst().orElse(null);
    }

    /** Lines such as {@code 0, GPU-5ee…, 71.53, 700.00, 34, NVIDIA H100 80GB HBM3}; [N/A] where there is no value. */
    static List<Gpu> parseNvidiaSmi(String output) {
        List<Gpu> gpus = new ArrayList<>();
        for (String line : output.lines().toList()) {
            String[] cells = line.split(", *", 6);
            if (cells.length == 6 && cells[0].matches("\\d+")) {
                gpus.add(new Gpu(Integer.parseInt(cells[0]), cells[1], cells[5].strip(), number(cells[2]),
                        number(cells[3]), number(cells[4])));
            }
        }
        return gpus;
    }

    /** A list of {@code {"gpu": 0, "power": {"socket_power": {"value": 60}}, …}}, from ROCm 7 on within an object. */
    static List<Gpu> parseAmdSmi(String output) {
        JsonElement root = JsonParser.parseString(output);
        JsonArray list = root.isJsonObject() ? root.getAsJsonObject().getAsJsonArray("gpu_data") : root.getAsJsonArray();
        List<Gpu> gpus = new ArrayList<>();
        for (JsonElement element : list == null ? new JsonArray() : list) {
            JsonObject gpu = element.getAsJsonObject();
            gpus.add(new Gpu(gpu.get("gpu").getAsInt(), "", "", value(gpu, "power", "socket_power"), UNAVAILABLE,
                    value(gpu, "temperature", "edge")));
        }
        return gpus;
    }

    /** An object such as {@code {"card0": {"Current Socket Graphics Package Power (W)": "60.0", …}}}. */
    static List<Gpu> parseRocmSmi(String output) {
        List<Gpu> gpus = new ArrayList<>();
        for (Map.Entry<String, JsonElement> card
                : JsonParser.parseString(output.substring(Math.max(0, output.indexOf('{')))).getAsJsonObject()
                        .entrySet()) {
            if (card.getKey().matches("card\\d+")) {
                JsonObject gpu = card.getValue().getAsJsonObject();
                gpus.add(new Gpu(Integer.parseInt(card.getKey().substring("card".length())), "", "",
                        first(gpu, "Package Power (W)"), UNAVAILABLE, first(gpu, "Temperature (Sensor edge) (C)")));
            }
        }
        return gpus;
    }

    private static double value(JsonObject gpu, String group, String name) {
        JsonElement values = gpu.get(group);
        JsonElement value = values == null || !values.isJsonObject() ? null : values.getAsJsonObject().get(name);
        if (value != null && value.isJsonObject()) {
            value = value.getAsJsonObject().get("value");
        }
        return value == null || !value.isJsonPrimitive() ? UNAVAILABLE : number(value.getAsString());
    }

    private static double first(JsonObject gpu, String end) {
        return gpu.entrySet().stream().filter(entry -> entry.getKey().endsWith(end))
                .mapToDouble(entry -> number(entry.getValue().getAsString())).findFirst().orElse(UNAVAILABLE);
    }

    private static double number(String text) {
        return text.strip().matches("\\d+(\\.\\d+)?") ? Double.parseDouble(text.strip()) : UNAVAILABLE;
    }
}
