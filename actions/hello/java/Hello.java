import com.google.gson.JsonObject;

public class Hello {
    public static JsonObject main(JsonObject args) {
        long start = System.currentTimeMillis();
        String name = args.has("name") ? args.get("name").getAsString() : "stranger";
        JsonObject result = new JsonObject();
        result.addProperty("greeting", "Hello, " + name + "!");
        result.addProperty("start", start);
        return result;
    }
}
