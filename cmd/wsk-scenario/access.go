package main

import (
	"errors"

	"github.com/spf13/pflag"

	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// access is the flags that name a running OpenWhisk; without them there is the embedded one.
type access struct {
	apihost, auth string
	insecure      bool
}

func (a *access) flags(f *pflag.FlagSet) {
	f.StringVar(&a.apihost, "apihost", "", "`URL` of a running OpenWhisk to use instead of the embedded one")
	f.StringVar(&a.auth, "auth", "", "its credentials, `UUID:KEY`; better in the environment as WSK_AUTH")
	f.BoolVarP(&a.insecure, "insecure", "i", false, "do not verify its certificate")
}

// complete takes the credentials from the environment where no flag gives them, and refuses half an answer.
func (a *access) complete(m Machine) error {
	if a.apihost == "" {
		if a.auth != "" || a.insecure {
			return wrong(errors.New("--auth and --insecure are for a running OpenWhisk: say which with --apihost URL"))
		}
		return nil
	}
	if a.auth == "" {
		a.auth = m.Env("WSK_AUTH")
	}
	if a.auth == "" {
		return wrong(errors.New("--apihost needs credentials: set WSK_AUTH=UUID:KEY in the environment, or --auth UUID:KEY"))
	}
	return nil
}

func (a *access) target(cache string) target.Target {
	if a.apihost == "" {
		return target.Standalone(standalone.Config{CacheDir: cache})
	}
	return target.Attach(whisk.Access{Host: a.apihost, Auth: a.auth, Insecure: a.insecure})
}
