// Command kubernetes is a whole Kubernetes in one binary: the first argument names the component, the others are its own.
// The components are those of the Go modules that go.mod pins; nothing of them is changed.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	nodestages "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	heartbeat "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	podstages "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
)

func main() {
	components := map[string]func() int{
		"etcd":                    func() int { etcdmain.Main(os.Args); return 0 },
		"kube-apiserver":          func() int { return cli.Run(apiserver.NewAPIServerCommand()) },
		"kube-controller-manager": func() int { return cli.Run(controllermanager.NewControllerManagerCommand()) },
		"kube-scheduler":          func() int { return cli.Run(scheduler.NewSchedulerCommand()) },
		"kube-proxy":              func() int { return cli.Run(proxy.NewProxyCommand()) },
		// The kubelet sets up its own handling of signals and panics when it finds another.
		"kubelet": func() int { return cli.Run(kubelet.NewKubeletCommand(context.Background())) },
		"kubectl": func() int { return cli.Run(kubectl.NewDefaultKubectlCommand()) },
		"kwok":    runKwok,
		"coredns": runCoreDNS,
		// The stages are data of the module, and no component.
		"kwok-stages": func() int { fmt.Println(strings.Join(stages, "\n---\n")); return 0 },
	}
	if len(os.Args) < 2 || components[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: kubernetes COMPONENT ARGUMENT…; components:", strings.Join(slices.Sorted(maps.Keys(components)), ", "))
		os.Exit(2)
	}
	run := components[os.Args[1]]
	os.Args = os.Args[1:]
	os.Exit(run())
}

// stages are what becomes of kwok's nodes and pods: both are ready at once, pods of Jobs succeed.
var stages = []string{
	nodestages.DefaultNodeInit, heartbeat.DefaultNodeHeartbeatWithLease,
	podstages.DefaultPodReady, podstages.DefaultPodComplete, podstages.DefaultPodDelete,
}

// runKwok starts kwok as its own main does, without the flag --version that component-base registered for everybody: kwok
// has one of that name and another type.
func runKwok() int {
	pflag.CommandLine = pflag.NewFlagSet("kwok", pflag.ContinueOnError)
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(genericapiserver.SetupSignalContext(), flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	return exitCode(command.ExecuteContext(ctx), command)
}

func exitCode(err error, command *cobra.Command) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, command.Name()+":", err)
	return 1
}

func runCoreDNS() int {
	dnsserver.Directives = []string{"bind", "ready", "errors", "kubernetes"}
	coremain.Run()
	return 0
}
