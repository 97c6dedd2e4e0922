package run

import (
	"encoding/json"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/slo"
)

// responseOf is what an expectation sees of a call, as far as its sample tells.
func responseOf(sample *measure.Sample, result json.RawMessage) slo.Response {
	response := slo.Response{
		Result: result, Response: sample.Done - sample.Due, Latency: sample.Done - sample.Sent,
		WithoutWait: true, NotInitialised: true,
	}
	record := sample.Record
	if record == nil {
		response.WithoutRecord = true
		return response
	}
	const ms = time.Millisecond
	response.Duration, response.Run = time.Duration(record.Duration)*ms, time.Duration(record.Duration)*ms
	if record.Wait != nil {
		response.Wait, response.WithoutWait = time.Duration(*record.Wait)*ms, false
	}
	if record.Init != nil {
		response.Init, response.NotInitialised = time.Duration(*record.Init)*ms, false
		response.Run -= response.Init
	}
	return response
}
