package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/runtime"
)

// nodeShown is how much of a node's name is in those of pods: the action shall be seen, too.
const nodeShown = 16

// podName is wsk<invoker>-NN-<namespace>-<action>, or wsk<invoker>-NN-prewarm-<kind>, as OpenWhisk has it: of the parts only
// letters and digits stay, and no more of the whole than a name may have.
func podName(invoker string, number int64, kind runtime.Kind, s pool.Spec) string {
	first, last := "prewarm", kind.Name
	if s.Path != "" {
		first, last = s.Namespace, path.Base(s.Path)
	}
	name := fmt.Sprintf("wsk%s-%d-%s-%s", invoker, number, plain(first), plain(last))
	return strings.TrimRight(name[:min(len(name), validation.DNS1123LabelMaxLength)], "-")
}

// plain is what stays of a part of a name. OpenWhisk lets underscores be, too, and makes them dashes afterwards.
func plain(part string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == '_':
			return '-'
		}
		return -1
	}, part)
}

// labelOf is a text as a label may have it. One that may not be so ends with a part of its hash.
func labelOf(text string) string {
	if len(validation.IsValidLabelValue(text)) == 0 {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	fit := plain(text)
	fit = strings.Trim(fit[:min(len(fit), validation.LabelValueMaxLength-9)], "-")
	return strings.TrimLeft(fit+"-"+hex.EncodeToString(sum[:4]), "-")
}

// actionLabels say which action is in a pod. OpenWhisk puts them on once it has been loaded.
func actionLabels(namespace, action string) map[string]string {
	return map[string]string{namespaceLabel: labelOf(namespace), actionLabel: labelOf(path.Base(action))}
}
