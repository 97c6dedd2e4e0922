import com.google.gson.JsonObject;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import javax.imageio.ImageIO;

/** Makes the thumbnail and attaches it to the picture's document. */
public class Thumbnail {
    public static JsonObject main(JsonObject args) throws Exception {
        Step step = new Step("thumbnail");
        Store store = new Store(args);
        String id = args.get("picture").getAsString();
        int w = args.getAsJsonObject("thumbnail").get("w").getAsInt();
        int h = args.getAsJsonObject("thumbnail").get("h").getAsInt();
        ImageIO.setUseCache(false);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(store.attachment(id, "original")));
        BufferedImage small = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, w, h, null);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(small, "png", out);
        store.attach(id, "thumbnail", "image/png", out.toByteArray());
        return step.done(args, store.millis());
    }
}
