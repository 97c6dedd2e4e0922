import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** The moments of one step, kept beside those of the steps before it. */
final class Step {
    private final long began = System.currentTimeMillis();
    private final String name;

    Step(String name) {
        this.name = name;
    }

    /** Adds this step to what it hands on; millis is what it spent on the store. */
    JsonObject done(JsonObject result, double millis) {
        JsonObject moments = new JsonObject();
        moments.addProperty("step", name);
        moments.addProperty("began", began);
        moments.addProperty("ended", System.currentTimeMillis());
        moments.addProperty("store", millis);
        if (!result.has("steps")) {
            result.add("steps", new JsonArray());
        }
        result.getAsJsonArray("steps").add(moments);
        return result;
    }
}
