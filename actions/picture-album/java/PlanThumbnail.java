import com.google.gson.JsonObject;

/** Decides how large the thumbnail is: {metadata, longest} to {…, thumbnail: {w, h}}, the longer side as long as asked. */
public class PlanThumbnail {
    public static JsonObject main(JsonObject args) {
        Step step = new Step("plan");
        JsonObject metadata = args.getAsJsonObject("metadata");
        int longest = args.get("longest").getAsInt();
        int width = metadata.get("width").getAsInt();
        int height = metadata.get("height").getAsInt();
        double scale = Math.min(1, longest / (double) Math.max(width, height));
        JsonObject size = new JsonObject();
        size.addProperty("w", Math.max(1, (int) Math.round(width * scale)));
        size.addProperty("h", Math.max(1, (int) Math.round(height * scale)));
        args.add("thumbnail", size);
        return step.done(args, 0);
    }
}
