// Package secret owns credentials: how they are found by reference, and how they are kept out of everything that is
// written. It knows nothing of scenarios, of OpenWhisk or of what the texts mean that it cleans.
package secret
