package collectors.meters;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who asks a Redfish service: nobody, a user with each request, or a session. Controllers have few sessions: ours is given
 * back at the end.
 */
final class RedfishLogin {

    private static final String SESSIONS = "/redfish/v1/SessionService/Sessions";
    /** The monitor ends within moments. */
    private static final Duration LOGOUT_TIMEOUT = Duration.ofMillis(800);

    private final MeterHttp http;
    private final boolean wantsSession;
    private String token;
    private String session;

    RedfishLogin(MeterHttp http, boolean wantsSession) {
        this.http = http;
        this.wantsSession = wantsSession;
    }

    /** What a request has to show; logs in where that is needed. */
    Map<String, String> headers() throws MeterException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("OData-Version", "4.0");
        if (http.credentials() == null) {
            return headers;
        }
        if (!wantsSession) {
            headers.put("Authorization", http.credentials().basic());
            return headers;
        }
        if (token == null) {
            logIn();
        }
        headers.put("X-Auth-Token", token);
        return headers;
    }

    private void logIn() throws MeterException, InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("UserName", http.credentials().user());
        body.addProperty("Password", http.credentials().password());
        MeterHttp.Answer answer = http.send("POST", SESSIONS, Map.of("Content-Type", "application/json", "OData-Version",
                "4.0"), body.toString(), http.timeout());
        String given = answer.headers().firstValue("X-Auth-Token").orElse(null);
        if (answer.status() / 100 != 2 || given == null) {
            throw http.unexpected(answer.status(), SESSIONS);
        }
        token = given;
        session = answer.headers().firstValue("Location").orElse(null);
    }

    /** Whether a token that was refused may have run out: a new one is asked for next time. */
    boolean forgetsToken() {
        boolean had = token != null;
        token = null;
        session = null;
        return had;
    }

    /** Gives the session back. */
    void logOut() {
        if (token == null || session == null) {
            return;
        }
        try {
            http.send("DELETE", session, Map.of("X-Auth-Token", token), null, LOGOUT_TIMEOUT);
        } catch (MeterException e) {
            token = null; // the controller ends it by itself after a while
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        token = null;
    }
}
