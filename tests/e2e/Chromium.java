package e2e;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless browser with one page, told what to do over Chromium's DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([\\d.]+:\\d+)/");
    private static final Pattern PAGE = Pattern.compile("\"(ws://[^\"]+/devtools/page/[^\"]+)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    private static final Map<String, Integer> KEY_CODES = Map.of("Tab", 9, "Enter", 13, "Escape", 27, "End", 35,
            "Home", 36, "ArrowLeft", 37, "ArrowRight", 39, " ", 32);

    private final Program program;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<String>> calls = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private int lastId;

    /** Starts the browser with a new profile in that folder. */
    Chromium(String command, Path profile) throws Exception {
        program = Program.start(Project.ROOT, Map.of(), List.of(command, "--headless=new", "--no-sandbox",
                "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--remote-debugging-port=0",
                "--user-data-dir=" + profile, "about:blank"));
        HttpClient http = HttpClient.newHttpClient();
        URI pages = URI.create("http://" + program.awaitErr(LISTENING).group(1) + "/json/list");
        Matcher page = PAGE.matcher(http.send(HttpRequest.newBuilder(pages).build(),
                HttpResponse.BodyHandlers.ofString()).body());
        if (!page.find()) {
            throw new AssertionError("the browser has no page: " + program);
        }
        socket = http.newWebSocketBuilder().buildAsync(URI.create(page.group(1)), new Messages())
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        call("Runtime.enable", "");
        call("Log.enable", "");
        call("Page.enable", "");
    }

    /** The browser's command; empty when there is none on the PATH. */
    static Optional<String> find() throws InterruptedException {
        for (String command : List.of("chromium", "chromium-browser", "google-chrome")) {
            if (Tools.isInstalled(command)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    /** Opens an address. */
    void open(String url) throws Exception {
        call("Page.navigate", "\"url\":\"" + url + "\"");
    }

    /** Lays pages out for so many points, two pixels to each, in the light or the dark. */
    void view(int width, int height, boolean dark) throws Exception {
        call("Emulation.setDeviceMetricsOverride", "\"width\":" + width + ",\"height\":" + height
                + ",\"deviceScaleFactor\":2,\"mobile\":" + (width < 600));
        call("Emulation.setEmulatedMedia", "\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\""
                + (dark ? "dark" : "light") + "\"}]");
    }

    /** Tells pages whether their reader wants nothing to move that need not. */
    void reduceMotion(boolean reduce) throws Exception {
        call("Emulation.setEmulatedMedia", "\"features\":[{\"name\":\"prefers-reduced-motion\",\"value\":\""
                + (reduce ? "reduce" : "no-preference") + "\"}]");
    }

    /** Presses a key, such as ArrowLeft, Tab or Enter. */
    void press(String key, boolean withShift) throws Exception {
        String text = key.equals("Enter") ? ",\"text\":\"\\r\"" : "";
        String event = "\"key\":\"" + key + "\",\"code\":\"" + key + "\",\"windowsVirtualKeyCode\":" + KEY_CODES.get(key)
                + ",\"modifiers\":" + (withShift ? 8 : 0);
        call("Input.dispatchKeyEvent", "\"type\":\"keyDown\"," + event + text);
        call("Input.dispatchKeyEvent", "\"type\":\"keyUp\"," + event);
    }

    /** What screen readers are given: role and name of every node that is not ignored, as role: name. */
    List<String> accessibleNodes() throws Exception {
        List<String> nodes = new ArrayList<>();
        for (JsonElement element : JsonParser.parseString(call("Accessibility.getFullAXTree", "")).getAsJsonObject()
                .getAsJsonObject("result").getAsJsonArray("nodes")) {
            JsonObject node = element.getAsJsonObject();
            if (!node.get("ignored").getAsBoolean() && node.has("role")) {
                JsonObject name = node.getAsJsonObject("name");
                nodes.add(node.getAsJsonObject("role").get("value").getAsString() + ": "
                        + (name == null || !name.has("value") ? "" : name.get("value").getAsString()));
            }
        }
        return nodes;
    }

    /** What a JavaScript expression gives, as text; it must contain no double quotes. */
    String evaluate(String expression) throws Exception {
        String answer = call("Runtime.evaluate", "\"expression\":\"String(" + expression + ")\"");
        Matcher value = VALUE.matcher(answer);
        if (!value.find()) {
            throw new AssertionError(expression + ": " + answer);
        }
        return value.group(1);
    }

    /** Waits until an expression is true. */
    void await(String condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!evaluate(condition).equals("true")) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never came true: " + condition + "; the page reads: "
                        + evaluate("document.body.innerText"));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** The page as a PNG picture, all of it. */
    byte[] picture() throws Exception {
        Matcher data = Pattern.compile("\"data\":\"([^\"]+)\"")
                .matcher(call("Page.captureScreenshot", "\"captureBeyondViewport\":true"));
        if (!data.find()) {
            throw new AssertionError("the browser gave no picture");
        }
        return Base64.getDecoder().decode(data.group(1));
    }

    /** Errors and warnings that the browser has logged: failed loads, violated policies, uncaught exceptions. */
    List<String> complaints() {
        return complaints;
    }

    /** Ends the browser in order, so that it leaves nothing behind. */
    @Override
    public void close() throws Exception {
        try (program) {
            socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            program.exitCode();
        } finally {
            socket.abort();
        }
    }

    private String call(String method, String parameters) throws Exception {
        int id = ++lastId;
        CompletableFuture<String> answer = new CompletableFuture<>();
        calls.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + parameters + "}}", true)
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        String text = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        calls.remove(id);
        if (text.contains("\"error\":{")) {
            throw new AssertionError(method + ": " + text);
        }
        return text;
    }

    private final class Messages implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                take(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String text) {
            Matcher id = ID.matcher(text);
            if (id.find()) {
                calls.getOrDefault(Integer.parseInt(id.group(1)), new CompletableFuture<>()).complete(text);
            } else if (text.startsWith("{\"method\":\"Runtime.exceptionThrown\"")
                    || text.startsWith("{\"method\":\"Log.entryAdded\"")) {
                complaints.add(text);
            }
        }
    }
}
