package main

import "time"

// Main greets. OpenWhisk's Go runtime wants exactly this signature.
func Main(args map[string]interface{}) map[string]interface{} {
	start := time.Now().UnixMilli()
	name, ok := args["name"].(string)
	if !ok {
		name = "stranger"
	}
	return map[string]interface{}{"greeting": "Hello, " + name + "!", "start": start}
}
