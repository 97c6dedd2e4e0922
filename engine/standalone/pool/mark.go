package pool

import "encoding/json"

// OwnerMark names this process for good, in a text that can be put on what must not outlive it. It is an error where the
// system cannot tell processes apart.
func OwnerMark() (string, error) {
	me, err := self()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(me)
	return string(text), err
}

// OwnerGone reports whether the process that a mark names does not live any more. Where that cannot be known, it lives.
func OwnerGone(mark string) bool {
	boot, space, err := here()
	var o owner
	return err == nil && json.Unmarshal([]byte(mark), &o) == nil && o.gone(boot, space)
}
