// Package compare says whether new runs are slower, faster or the same as base runs. The unit is the run, never the
// invocation: calls of one run share its noise, and a test that pools them calls a third of identical versions different.
// Everything here reads saved results; nothing touches a target.
//
//	results ──► runs ──► one number a run, cell and metric ──► exact test + bootstrap ──► Holm ──► verdict
package compare
