package origin

import (
	"os"
	"strings"

	"wsk-scenario/engine/result"
)

// machine is what Linux tells of this machine without asking anybody; nothing elsewhere.
func machine() (facts []result.Fact) {
	for _, f := range []struct{ name, file, key string }{
		{"kernel", "/proc/sys/kernel/osrelease", ""},
		{"processor", "/proc/cpuinfo", "model name"},
		{"memory", "/proc/meminfo", "MemTotal"},
		{"system", "/etc/os-release", "PRETTY_NAME"},
		{"clock source", "/sys/devices/system/clocksource/clocksource0/current_clocksource", ""},
	} {
		text, err := os.ReadFile(f.file)
		if err != nil {
			continue
		}
		if value := valueOf(string(text), f.key); value != "" {
			facts = append(facts, result.Fact{Name: f.name, Value: value})
		}
	}
	return facts
}

// valueOf is what stands behind the first key of a text of lines; its first line when there is no key.
func valueOf(text, key string) string {
	for _, line := range strings.Split(text, "\n") {
		if key == "" {
			return strings.TrimSpace(line)
		}
		if rest, ok := strings.CutPrefix(line, key); ok {
			return strings.Trim(strings.TrimLeft(rest, " \t:="), ` "`)
		}
	}
	return ""
}
