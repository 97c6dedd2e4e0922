import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A CouchDB database: documents and what is attached to them. */
final class Store {
    private final String url;
    private long nanos; // spent on it

    Store(JsonObject args) {
        url = args.get("store").getAsString();
    }

    JsonObject document(String id) throws IOException {
        return JsonParser.parseString(new String(send("GET", "/" + id, null, null), StandardCharsets.UTF_8)).getAsJsonObject();
    }

    void put(String id, JsonObject document) throws IOException {
        send("PUT", "/" + id, "application/json", document.toString().getBytes(StandardCharsets.UTF_8));
    }

    byte[] attachment(String id, String name) throws IOException {
        return send("GET", "/" + id + "/" + name, null, null);
    }

    void attach(String id, String name, String type, byte[] content) throws IOException {
        String revision = document(id).get("_rev").getAsString();
        send("PUT", "/" + id + "/" + name + "?rev=" + revision, type, content);
    }

    /** Milliseconds spent on the store so far. */
    double millis() {
        return nanos / 1e6;
    }

    private byte[] send(String method, String path, String type, byte[] body) throws IOException {
        long began = System.nanoTime();
        HttpURLConnection connection = (HttpURLConnection) new URL(url + path).openConnection();
        connection.setRequestMethod(method);
        String login = connection.getURL().getUserInfo(); // which the connection does not send by itself
        if (login != null) {
            byte[] plain = URLDecoder.decode(login.replace("+", "%2B"), "UTF-8").getBytes(StandardCharsets.UTF_8);
            connection.setRequestProperty("Authorization", "Basic " + Base64.getEncoder().encodeToString(plain));
        }
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", type);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        if (connection.getResponseCode() >= 300) {
            throw new IOException(method + " " + path + ": the store answered " + connection.getResponseCode());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (InputStream in = connection.getInputStream()) {
            byte[] part = new byte[8192];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                all.write(part, 0, n);
            }
        }
        nanos += System.nanoTime() - began;
        return all.toByteArray();
    }
}
