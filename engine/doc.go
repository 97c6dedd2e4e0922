// Package engine is the house in which a plan is run and its result read. It holds no code, only the picture:
//
//	scenarios/*.yaml                                                   terminal, files
//	      │                                                                  ▲
//	      ▼                                                                  │
//	 ┌─────────┐ Scenario  ┌────────┐  Plan   ┌───────┐  Result   ┌──────────┴───────┐
//	 │   dsl   │ ────────► │  plan  │ ──────► │  run  │ ────────► │ report · compare │
//	 └─────────┘           └────────┘         └───┬───┘           └──────────────────┘
//	 text → tree → checked  expand matrix,        │ events ──► cmd (bars, or lines)
//	 diagnostics, programs  size, order, seed     │ uses
//	                ┌────────┬──────┬──────┬──────┴──┬───────┐
//	                │ target │ code │ load │ measure │  slo  │
//	                └───┬────┴──────┴──────┴─────────┴───────┘
//	            attach · standalone · cluster (Helm, Kubernetes)
//	               whisk (OpenWhisk client) ─ wire (HTTP/1.1, one POST after the other)
//	               load, wire ─ loop (an open load's moments and sockets, in one goroutine)
//	               fit (what a plan needs against what a target has)
//
// A report has its content once (report/content), and a writer for each form: the terminal in report itself, the files for
// machines in report/file, the HTML page in report/page; report/chart makes from the samples what is drawn. What other tools
// would have printed of a run has a room for each of them, report/owperf and
// report/serverlessbench.
//
// Left of plan nothing touches the world, right of run nothing does either. Six nouns: Scenario, Plan, Target, Sample,
// Result, Report. One direction, no circles; deps_test.go holds the table of who may import whom and fails when an import
// breaks it.
//
//   - Plan is data: every choice is made before it exists, run decides nothing.
//   - Events are for people, samples for numbers. Samples go to the disk while a phase runs, and are summed up from there.
//   - Programs of this machine, for builds and beside the run, are started by package command and end with it; package
//     service makes of them what actions need beside OpenWhisk.
//   - load says when a call is due, for plan to count and for run to send.
//   - Several processes can send one load: package workers hands each its part and takes in the samples of all. A worker is run
//     without the rest: it makes no choice and keeps nothing.
//   - Secrets come by reference; package secret reads them, and every writer passes through its redactor.
//   - Result is the hinge: report, check and compare need only the saved bundle, and a run returns a Result also when it fails.
//   - What a plan needs and a target has is compared in fit alone: run refuses by it, and doctor, which looks at the target
//     and at this machine before a run, tells by it beforehand.
//   - What a run was made from and on is noted by origin before it, so that the run can be made again and what has changed
//     since is named.
//   - Clean-up is a stack, unwound in reverse under its own deadline, on success, error and interrupt alike.
//   - One code path: the standalone is reached over real HTTP on loopback by the same client as a cluster. Its own rooms (api,
//     pool, runtime, docker, kubernetes, protocol, proxy …) are told of in package standalone.
package engine
