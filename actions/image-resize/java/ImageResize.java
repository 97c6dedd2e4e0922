import com.google.gson.JsonObject;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.UUID;
import javax.imageio.ImageIO;

/** Makes a picture smaller: {img, w, h} to {img, w, h, executeTime, calls, instance}. */
public class ImageResize {
    static {
        ImageIO.setUseCache(false); // the work is the picture's, not the disk's
    }

    private static final String INSTANCE = UUID.randomUUID().toString(); // which process this is
    private static int calls; // how many calls this process has had

    public static JsonObject main(JsonObject args) throws Exception {
        long began = System.nanoTime();
        int width = args.get("w").getAsInt();
        int height = args.get("h").getAsInt();
        byte[] bytes = Base64.getDecoder().decode(args.get("img").getAsString());
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(bytes));
        if (picture == null) {
            throw new IllegalArgumentException("img is no picture");
        }
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = smaller.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(smaller, "png", out);

        JsonObject result = new JsonObject();
        result.addProperty("img", Base64.getEncoder().encodeToString(out.toByteArray()));
        result.addProperty("w", smaller.getWidth());
        result.addProperty("h", smaller.getHeight());
        result.addProperty("calls", ++calls);
        result.addProperty("instance", INSTANCE);
        result.addProperty("executeTime", System.nanoTime() - began);
        return result;
    }
}
