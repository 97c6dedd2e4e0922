import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Runs one Java action over ActionLoop: java Launcher &lt;class&gt; &lt;method&gt;. */
public final class Launcher {
    private final OutputStream out;
    private final Map<String, String> environment;
    private Method action;

    private Launcher(OutputStream out) throws ReflectiveOperationException {
        this.out = out;
        this.environment = environment();
    }

    public static void main(String[] args) throws Exception {
        try (OutputStream out = new FileOutputStream("/dev/fd/3")) {
            Launcher launcher = new Launcher(out);
            if (launcher.load(args[0], args[1])) {
                launcher.serve();
            }
        }
        System.exit(0); // threads of the action must not keep the process
    }

    private boolean load(String type, String method) throws IOException {
        try {
            action = Class.forName(type).getMethod(method, JsonObject.class);
            say("{\"ok\":true}");
            return true;
        } catch (ReflectiveOperationException | LinkageError e) {
            e.printStackTrace();
            fault(e.toString());
            return false;
        }
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            run(JsonParser.parseString(line).getAsJsonObject());
        }
    }

    private void run(JsonObject request) throws IOException {
        JsonObject value = request.remove("value").getAsJsonObject();
        for (Map.Entry<String, JsonElement> e : request.entrySet()) {
            environment.put("__OW_" + e.getKey().toUpperCase(Locale.ROOT), e.getValue().getAsString());
        }
        try {
            JsonElement result = (JsonElement) action.invoke(null, value);
            if (result == null) {
                throw new NullPointerException("The action returned null");
            }
            say(result.toString());
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            fault("An error has occurred while invoking the action (see logs for details): " + e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            e.printStackTrace();
            fault("An error has occurred (see logs for details): " + e);
        }
    }

    private void fault(String reason) throws IOException {
        say("!" + new JsonPrimitive(reason));
    }

    private void say(String text) throws IOException {
        // Logs first: whoever reads the answer takes what is in the log's pipes for all of it.
        System.out.flush();
        System.err.flush();
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The map behind System.getenv, which is writable only from within. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> environment() throws ReflectiveOperationException {
        Map<String, String> shown = System.getenv();
        Field inner = shown.getClass().getDeclaredField("m");
        inner.setAccessible(true);
        return (Map<String, String>) inner.get(shown);
    }
}
