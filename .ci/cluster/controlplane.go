package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// user is one who may talk to the API server, by a token that is made for this cluster.
type user struct{ file, name, group string }

func (c *cluster) users() []user {
	list := []user{
		{"admin", "admin", "system:masters"},
		{"runner", "runner", ""},
		{"scheduler", "system:kube-scheduler", ""},
		{"proxy", "system:kube-proxy", ""},
		{"dns", "dns", "system:masters"},
	}
	for _, n := range c.Session.Nodes {
		list = append(list, user{n.Name, "system:node:" + n.Name, "system:nodes"})
	}
	return list
}

// credentials makes the tokens of all users, and the key that service accounts are signed with.
func (c *cluster) credentials(context.Context) error {
	c.tokens = map[string]string{}
	var csv strings.Builder
	for i, u := range c.users() {
		c.tokens[u.file] = rand.Text()
		fmt.Fprintf(&csv, "%s,%s,%d,%q\n", c.tokens[u.file], u.name, i, u.group)
	}
	c.Session.Token = c.tokens["runner"]
	if err := os.WriteFile(c.pki("tokens.csv"), []byte(csv.String()), 0o600); err != nil {
		return err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return os.WriteFile(c.pki("sa.key"), pem.EncodeToMemory(block), 0o600)
}

func (c *cluster) pki(name string) string { return filepath.Join(c.Place.Dir, "pki", name) }

func (c *cluster) kubeconfig(user string) string {
	return filepath.Join(c.Place.Dir, user+".kubeconfig")
}

// writeKubeconfigs writes one file for each user, with the certificate that the API server has made by now.
func (c *cluster) writeKubeconfigs() error {
	certificate, err := os.ReadFile(c.pki("apiserver.crt"))
	if err != nil {
		return err
	}
	for user, token := range c.tokens {
		text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: %[1]s, cluster: {server: %[2]q, certificate-authority-data: %[3]s}}]
users: [{name: %[4]s, user: {token: %[5]s}}]
contexts: [{name: %[1]s, context: {cluster: %[1]s, user: %[4]s}}]
current-context: %[1]s
`, c.Place.Name, c.Session.Server, base64.StdEncoding.EncodeToString(certificate), user, token)
		if err := os.WriteFile(c.kubeconfig(user), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// component starts one of the components in the one binary.
func (c *cluster) component(name string, args ...string) error {
	cmd := exec.Command(c.Programs.Kubernetes, append([]string{name}, args...)...)
	cmd.Dir = c.Place.Dir
	_, err := c.children.start(name, cmd)
	return err
}

// restart kills a component of the control plane and starts it again.
func (c *cluster) restart(ctx context.Context, name string) error {
	if err := c.children.restart(name); err != nil {
		return err
	}
	return c.until(ctx, name+" again", comesWithin, []string{name}, c.ready)
}

func (c *cluster) ready(ctx context.Context) error {
	_, err := c.api.get(ctx, "/readyz")
	return err
}

func (c *cluster) controlPlane(ctx context.Context) error {
	const etcd, peer = "http://127.0.0.1:2379", "http://127.0.0.1:2380"
	if err := c.component("etcd", "--data-dir", filepath.Join(c.Place.Dir, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls", etcd, "--advertise-client-urls", etcd, "--listen-peer-urls", peer,
		"--initial-advertise-peer-urls", peer, "--initial-cluster", "default="+peer); err != nil {
		return err
	}
	address := c.Place.address(1)
	if err := c.component("kube-apiserver", "--etcd-servers", etcd, "--bind-address", address, "--advertise-address", address,
		"--secure-port", "6443", "--cert-dir", c.pki(""), "--service-account-key-file", c.pki("sa.key"),
		"--service-account-signing-key-file", c.pki("sa.key"), "--service-account-issuer", "https://kubernetes.default.svc",
		"--service-cluster-ip-range", "10.96.0.0/16", "--token-auth-file", c.pki("tokens.csv"), "--authorization-mode", "Node,RBAC",
		"--allow-privileged", "--kubelet-preferred-address-types", "InternalIP"); err != nil {
		return err
	}
	logs := []string{"etcd", "kube-apiserver"}
	err := c.until(ctx, "the API server", comesWithin, logs, func(ctx context.Context) (err error) {
		if c.api == nil {
			c.api, err = newAPI(c.Session.Server, c.tokens["admin"], c.pki("apiserver.crt"))
		}
		if err != nil {
			return err
		}
		return c.ready(ctx)
	})
	if err == nil {
		err = c.writeKubeconfigs()
	}
	if err == nil {
		err = c.controllers()
	}
	if err != nil {
		return err
	}
	// Without it every pod is refused: it comes some time after the controller manager says that it is healthy.
	return c.until(ctx, "the default service account", comesWithin, []string{"kube-controller-manager"}, func(ctx context.Context) error {
		_, err := c.api.get(ctx, "/api/v1/namespaces/default/serviceaccounts/default")
		return err
	})
}

func (c *cluster) controllers() error {
	admin, scheduler := c.kubeconfig("admin"), c.kubeconfig("scheduler")
	// With service account credentials of its own for each controller, the first account appears five seconds later.
	if err := c.component("kube-controller-manager", "--kubeconfig", admin, "--authentication-kubeconfig", admin,
		"--authorization-kubeconfig", admin, "--service-account-private-key-file", c.pki("sa.key"), "--root-ca-file", c.pki("apiserver.crt"),
		"--use-service-account-credentials=false", "--leader-elect=false", "--bind-address", "127.0.0.1", "--kube-api-qps", "200", "--kube-api-burst", "400",
		"--cert-dir", c.pki("controllers"), "--node-monitor-grace-period", "40s"); err != nil {
		return err
	}
	if err := c.component("kube-scheduler", "--kubeconfig", scheduler, "--authentication-kubeconfig", scheduler,
		"--authorization-kubeconfig", scheduler, "--leader-elect=false", "--bind-address", "127.0.0.1", "--cert-dir", c.pki("scheduler")); err != nil {
		return err
	}
	corefile := filepath.Join(c.Place.Dir, "Corefile")
	text := fmt.Sprintf("cluster.local:53 {\n bind %s\n errors\n kubernetes cluster.local {\n  kubeconfig %s\n }\n}\n", c.Place.address(1), c.kubeconfig("dns"))
	if err := os.WriteFile(corefile, []byte(text), 0o644); err != nil {
		return err
	}
	return c.component("coredns", "-conf", corefile)
}

// fakes starts kwok, for nodes with the annotation kwok.x-k8s.io/node=fake.
func (c *cluster) fakes(ctx context.Context) error {
	stages, err := exec.CommandContext(ctx, c.Programs.Kubernetes, "kwok-stages").Output()
	if err != nil {
		return fmt.Errorf("write kwok's stages: %w", err)
	}
	file := filepath.Join(c.Place.Dir, "stages.yaml")
	if err := os.WriteFile(file, stages, 0o644); err != nil {
		return err
	}
	if err := c.component("kwok", "--kubeconfig", c.kubeconfig("admin"), "--config", file,
		"--manage-nodes-with-annotation-selector", "kwok.x-k8s.io/node=fake", "--node-lease-duration-seconds", "40", "--server-address", "127.0.0.1:10247"); err != nil {
		return err
	}
	return c.until(ctx, "kwok", comesWithin, []string{"kwok"}, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:10247/healthz", nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		return err
	})
}
