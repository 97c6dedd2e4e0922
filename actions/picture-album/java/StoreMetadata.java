import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;

/** Keeps the metadata in the picture's document, and answers what is in the store now. */
public class StoreMetadata {
    public static JsonObject main(JsonObject args) throws Exception {
        Step step = new Step("store");
        Store store = new Store(args);
        String id = args.get("picture").getAsString();
        JsonObject document = store.document(id);
        document.add("metadata", args.get("metadata"));
        document.add("album", args.get("album"));
        store.put(id, document);
        BufferedImage kept = ImageIO.read(new ByteArrayInputStream(store.attachment(id, "thumbnail")));
        JsonObject result = new JsonObject();
        result.add("album", store.document(id).get("album"));
        result.addProperty("picture", id);
        result.add("metadata", args.get("metadata"));
        result.addProperty("w", kept.getWidth());
        result.addProperty("h", kept.getHeight());
        result.add("steps", args.get("steps"));
        return step.done(result, store.millis());
    }
}
