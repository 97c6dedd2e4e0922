package syntax

import (
	"slices"
	"strconv"
	"strings"
)

// BitRate is how many bits pass in a second. The units are powers of 1000.
type BitRate float64

var bitRates = []struct {
	unit string
	size BitRate
}{{"Gbit/s", 1e9}, {"Mbit/s", 1e6}, {"kbit/s", 1e3}, {"bit/s", 1}}

// String is the rate in the largest unit in which it is one at least.
func (r BitRate) String() string {
	for _, u := range bitRates {
		if r >= u.size {
			return strconv.FormatFloat(float64(r/u.size), 'g', -1, 64) + u.unit
		}
	}
	return strconv.FormatFloat(float64(r), 'g', -1, 64) + "bit/s"
}

func toBitRate(raw any) (BitRate, *problem) {
	fault := &problem{must: "must be a bit rate, not " + show(raw), hint: "write a number with a unit, such as 20Mbit/s"}
	if r, ok := raw.(BitRate); ok {
		return r, nil
	}
	s, ok := raw.(string)
	if !ok {
		return 0, fault
	}
	number, unit, ok := measure(s)
	if !ok || strings.ContainsAny(s, " \t") {
		return 0, fault
	}
	var units []string
	for i := len(bitRates) - 1; i >= 0; i-- {
		units = append(units, bitRates[i].unit)
		if bitRates[i].unit == unit && number >= 0 {
			return BitRate(number) * bitRates[i].size, nil
		}
	}
	if number >= 0 && !slices.Contains(units, unit) {
		fault.hint = wrongUnit(number, unit, units, map[string]string{
			"mbps": "Mbit/s", "mbit": "Mbit/s", "mb/s": "Mbit/s", "kbps": "kbit/s", "kbit": "kbit/s", "gbps": "Gbit/s", "gbit": "Gbit/s",
		})
	}
	return 0, fault
}
