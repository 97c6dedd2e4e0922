import com.google.gson.JsonObject;
import java.util.Locale;

/** Writes the metadata as the album keeps them: a media type, an orientation and a colour in hexadecimal digits. */
public class TransformMetadata {
    public static JsonObject main(JsonObject args) {
        Step step = new Step("transform");
        JsonObject raw = args.getAsJsonObject("metadata");
        JsonObject kept = new JsonObject();
        kept.addProperty("type", "image/" + raw.get("format").getAsString().toLowerCase(Locale.ROOT));
        kept.add("width", raw.get("width"));
        kept.add("height", raw.get("height"));
        kept.add("bytes", raw.get("bytes"));
        kept.addProperty("orientation", raw.get("width").getAsInt() > raw.get("height").getAsInt() ? "landscape" : "portrait");
        kept.addProperty("corner", String.format("#%06x", raw.get("corner").getAsInt()));
        args.add("metadata", kept);
        return step.done(args, 0);
    }
}
