package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// firstVersion is the version of a document that was just created.
const firstVersion Version = "0.0.1"

// Version is a semantic version, major.minor.patch.
type Version string

// UnmarshalJSON reads a version. What is missing of it at the end is 0.
func (v *Version) UnmarshalJSON(data []byte) error {
	var text string
	err := json.Unmarshal(data, &text)
	var numbers [3]int
	if err == nil {
		numbers, err = versionOf(text)
	}
	if err != nil {
		return errors.New("semantic version malformed")
	}
	*v = Version(fmt.Sprintf("%d.%d.%d", numbers[0], numbers[1], numbers[2]))
	return nil
}

// versionOf reads the numbers of a version. More than three are not looked at, as in OpenWhisk.
func versionOf(text string) (numbers [3]int, err error) {
	for i, part := range strings.Split(text, ".") {
		if i == len(numbers) {
			break
		}
		if numbers[i], err = strconv.Atoi(part); err != nil {
			return numbers, err
		}
		if numbers[i] < 0 {
			return numbers, errors.New("it is negative")
		}
	}
	if numbers == [3]int{} {
		return numbers, errors.New("there is no version 0.0.0")
	}
	return numbers, nil
}

// bumped counts the patch number up.
func (v Version) bumped() Version {
	numbers, _ := versionOf(string(v)) // it was read once
	return Version(fmt.Sprintf("%d.%d.%d", numbers[0], numbers[1], numbers[2]+1))
}
