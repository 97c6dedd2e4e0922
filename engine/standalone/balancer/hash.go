package balancer

import "unicode/utf16"

// hash is OpenWhisk's of a namespace and an action: Java's hash codes of both names, each bit in one of them, without
// the sign. Java has no positive number for the lowest one, and OpenWhisk would fail on it; here it is 0.
func hash(namespace, action string) uint32 {
	h := hashCode(namespace) ^ hashCode(action)
	if h < 0 {
		h = -h
	}
	return uint32(max(h, 0))
}

// hashCode is that of Java's String: s[0]·31ⁿ⁻¹ + … + s[n−1], over the units of UTF-16.
func hashCode(text string) (h int32) {
	for _, r := range text {
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			h = (h*31+high)*31 + low
			continue
		}
		h = h*31 + r
	}
	return h
}

// coprimes are the step sizes for n invokers: numbers up to n that have no factor in common with n or with each other. A
// walk with such a step comes by every invoker, and actions of one home and different steps part at once.
func coprimes(n int) (steps []int) {
next:
	for candidate := 1; candidate <= n; candidate++ {
		if factor(candidate, n) != 1 {
			continue
		}
		for _, s := range steps {
			if factor(candidate, s) != 1 {
				continue next
			}
		}
		steps = append(steps, candidate)
	}
	return steps
}

// factor is the greatest common one (Euclid).
func factor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
