import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads what kind of picture it is and how large: {store, picture} to {…, metadata}. */
public class ExtractMetadata {
    public static JsonObject main(JsonObject args) throws Exception {
        Step step = new Step("extract");
        Store store = new Store(args);
        byte[] bytes = store.attachment(args.get("picture").getAsString(), "original");
        ImageIO.setUseCache(false);
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IllegalArgumentException(args.get("picture").getAsString() + " is no picture");
            }
            ImageReader reader = readers.next();
            reader.setInput(in);
            JsonObject metadata = new JsonObject();
            metadata.addProperty("format", reader.getFormatName());
            metadata.addProperty("width", reader.getWidth(0));
            metadata.addProperty("height", reader.getHeight(0));
            metadata.addProperty("bytes", bytes.length);
            BufferedImage picture = reader.read(0);
            metadata.addProperty("corner", picture.getRGB(0, 0) & 0xffffff);
            args.add("metadata", metadata);
        }
        return step.done(args, store.millis());
    }
}
