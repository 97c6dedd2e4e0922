package code

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// gsonJars are where Debian and others keep Gson, whose JsonObject OpenWhisk's Java actions take and return.
var gsonJars = []string{"/usr/share/java/gson.jar", "/usr/local/share/java/gson.jar"}

// packJava compiles the Java sources of a folder into a jar: OpenWhisk's Java runtime takes no source. The jar is kept in
// cache under the hash of the sources and the compiler, so that it is made once. A folder with a jar is that jar.
func packJava(ctx context.Context, root string, files []string, cache string) (Package, error) {
	var java []string
	for _, f := range files {
		switch filepath.Ext(f) {
		case ".java":
			java = append(java, filepath.Join(root, f))
		case ".jar":
			return packFile(filepath.Join(root, f), "java")
		}
	}
	if len(java) == 0 {
		return Package{}, fmt.Errorf("the folder %s has neither .java nor .jar files", root)
	}
	key, err := javaKey(ctx, java)
	if err != nil {
		return Package{}, err
	}
	jar := filepath.Join(cache, "java", key+".jar")
	if _, err := os.Stat(jar); err != nil {
		if err := compileJava(ctx, java, jar); err != nil {
			return Package{}, err
		}
	}
	packed, err := packFile(jar, "java")
	packed.Main = mainClass(java)
	return packed, err
}

// javaKey names the compiled result: it changes with every source and with the compiler.
func javaKey(ctx context.Context, sources []string) (string, error) {
	version, err := exec.CommandContext(ctx, "javac", "-version").CombinedOutput()
	if err != nil {
		return "", errors.New("javac is missing: install a JDK (Debian: apt-get install default-jdk-headless)")
	}
	hash := sha256.New()
	hash.Write(version)
	for _, path := range sources {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", readable(err)
		}
		fmt.Fprintf(hash, "%s\x00%d\x00", filepath.Base(path), len(content))
		hash.Write(content)
	}
	return hex.EncodeToString(hash.Sum(nil))[:24], nil
}

// compileJava makes jar from sources. It is written beside its place and then renamed, so that two runs at a time are safe.
func compileJava(ctx context.Context, sources []string, jar string) error {
	gson := findGson()
	if gson == "" {
		return errors.New("gson.jar is missing: Java actions need it (Debian: apt-get install libgoogle-gson-java)")
	}
	if err := os.MkdirAll(filepath.Dir(jar), 0o755); err != nil {
		return fmt.Errorf("make cache: %w", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(jar), "build-")
	if err != nil {
		return fmt.Errorf("make cache: %w", err)
	}
	defer os.RemoveAll(work)
	// Bytecode of Java 8 runs on every Java that OpenWhisk offers.
	compile := append([]string{"-nowarn", "-Xlint:-options", "--release", "8", "-cp", gson, "-d", filepath.Join(work, "classes")}, sources...)
	if out, err := exec.CommandContext(ctx, "javac", compile...).CombinedOutput(); err != nil {
		return fmt.Errorf("compile %s:\n%s", strings.Join(sources, " "), strings.TrimSpace(string(out)))
	}
	made := filepath.Join(work, "action.jar")
	pack := exec.CommandContext(ctx, "jar", "cf", made, "-C", filepath.Join(work, "classes"), ".")
	if out, err := pack.CombinedOutput(); err != nil {
		return fmt.Errorf("pack %s: %s", jar, strings.TrimSpace(string(out)))
	}
	if err := os.Rename(made, jar); err != nil {
		return fmt.Errorf("keep compiled action: %w", err)
	}
	return nil
}

func findGson() string {
	for _, path := range gsonJars {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

var (
	packageLine = regexp.MustCompile(`(?m)^\s*package\s+([\w.]+)\s*;`)
	entryPoint  = regexp.MustCompile(`\bstatic\s+(?:\w+\s+)*JsonObject\s+main\s*\(`)
)

// mainClass is the class whose main takes the parameters: OpenWhisk must be told. Empty when no source has exactly one.
func mainClass(sources []string) (main string) {
	for _, path := range sources {
		content, err := os.ReadFile(path)
		if err != nil || !entryPoint.Match(content) {
			continue
		}
		class := strings.TrimSuffix(filepath.Base(path), ".java")
		if m := packageLine.FindSubmatch(content); m != nil {
			class = string(m[1]) + "." + class
		}
		if main != "" {
			return ""
		}
		main = class
	}
	return main
}
