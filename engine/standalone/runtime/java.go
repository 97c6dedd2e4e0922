package runtime

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

//go:embed launcher/Launcher.java
var javaLauncher []byte

// java runs a jar, or a single file of Java that is compiled at init. Gson is on the class path, as in OpenWhisk.
type java struct {
	host    *host
	home    string // of the JDK
	version string // in full
	gson    string
	mu      sync.Mutex // one compilation of the launcher at a time
}

// gsonPlaces is where distributions put Gson.
var gsonPlaces = []string{
	"/usr/share/java/gson.jar",
	"/usr/share/java/gson/gson.jar",
	"/usr/share/java/google-gson/gson.jar",
	"/usr/local/share/java/gson.jar",
}

// jvmFlags make a JVM for one small action start quickly: the simplest collector, the first compiler only (the second
// pays off after minutes), and the class data archive that comes with the JDK. The package is opened because only so
// can the launcher put __OW_… variables into the environment, as OpenWhisk's own launcher does.
var jvmFlags = []string{
	"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "--add-opens=java.base/java.util=ALL-UNNAMED",
}

func (l *java) detect(stop <-chan struct{}) (string, error) {
	const missing = "install a JDK and Gson (Debian packages default-jdk-headless and libgoogle-gson-java)"
	tool, err := l.host.find("java")
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	out, err := l.host.run(stop, job{args: []string{tool, "-XshowSettings:properties", "-version"}})
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	l.home, l.version = property(out, "java.home"), property(out, "java.version")
	major := property(out, "java.specification.version")
	if major == "" {
		return "", fmt.Errorf("%s: %s: %w", missing, tool, errNoVersion)
	}
	if _, err := os.Stat(l.tool("javac")); err != nil {
		return "", fmt.Errorf("%s: %s has no compiler", missing, l.home)
	}
	for _, place := range gsonPlaces {
		if _, err := os.Stat(place); err == nil {
			l.gson = place
			return major, nil
		}
	}
	return "", fmt.Errorf("%s: gson.jar is %w", missing, errNotInstalled)
}

func (l *java) tool(name string) string { return filepath.Join(l.home, "bin", name) }

// property finds "name = value" in what java -XshowSettings prints.
func property(settings, name string) string {
	for line := range strings.Lines(settings) {
		if key, value, found := strings.Cut(line, " = "); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (l *java) prepare(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.host.once(l.launcher(), func(tmp string) error {
		source := filepath.Join(tmp, "Launcher.java")
		if err := os.WriteFile(source, javaLauncher, 0o644); err != nil {
			return err
		}
		return l.compile(ctx, tmp, source)
	})
}

// launcher is the folder of the compiled launcher.
func (l *java) launcher() string {
	return filepath.Join(l.host.cache, "java-"+hash(javaLauncher, []byte(l.version), []byte(l.gson)))
}

// compile compiles one file into the folder it stands in.
func (l *java) compile(ctx context.Context, dir, source string) error {
	_, err := l.host.run(ctx.Done(), job{
		dir: dir,
		env: []string{},
		args: []string{
			l.tool("javac"), "-J-XX:TieredStopAtLevel=1", "-encoding", "UTF-8", "-proc:none", "-cp", l.gson, "-d", dir, source,
		},
	})
	return err
}

func (l *java) program(ctx context.Context, folder string, code Code) (program, error) {
	data, err := code.bytesOf()
	if err != nil {
		return program{}, err
	}
	main, path := code.Main, filepath.Join(folder, "action.jar")
	if isZip(data) {
		err = os.WriteFile(path, data, 0o644)
	} else {
		path = folder
		main, err = l.compileSource(ctx, folder, main, data)
	}
	if err != nil {
		return program{}, err
	}
	if main == "" {
		return program{}, initFailure("a jar needs a main class: name it with main")
	}
	class, method, _ := strings.Cut(main, "#")
	classPath := strings.Join([]string{l.launcher(), l.gson, path}, string(filepath.ListSeparator))
	args := append([]string{l.tool("java")}, jvmFlags...)
	return program{args: append(args, "-cp", classPath, "Launcher", class, orDefault(method, "main")), ack: true}, nil
}

var (
	publicClass = regexp.MustCompile(`(?m)^\s*public\s+(?:final\s+|abstract\s+)*class\s+(\w+)`)
	packageName = regexp.MustCompile(`(?m)^\s*package\s+([\w.]+)\s*;`)
)

// compileSource compiles a single file and returns the main class: the public one when the action names none.
func (l *java) compileSource(ctx context.Context, folder, main string, source []byte) (string, error) {
	name := "Action"
	if m := publicClass.FindSubmatch(source); m != nil {
		name = string(m[1])
	}
	file := filepath.Join(folder, name+".java") // javac insists on the name of the public class
	if err := os.WriteFile(file, source, 0o644); err != nil {
		return "", err
	}
	if err := l.compile(ctx, folder, file); err != nil {
		return "", initFailure(err.Error())
	}
	if m := packageName.FindSubmatch(source); m != nil {
		name = string(m[1]) + "." + name
	}
	return orDefault(main, name), nil
}
