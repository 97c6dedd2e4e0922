package secret

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The credentials of the tests. The second has all that the encodings change.
const (
	user   = "a1b2c3d4-71f6-4ed5-8c54-816aa4f8c502"
	key    = "Zq8xvN2mPw7rTk4yHs9dLf3gJc6bVe5a"
	issued = user + ":" + key
	odd    = `gué"st/&+?:pä\ss<wor>d %/+=?`
)

func knowing(secrets ...string) *Redactor {
	r := new(Redactor)
	for _, s := range secrets {
		r.Add(s)
	}
	return r
}

// ways are all the forms in which a program writes credentials.
func ways(secret string) map[string]string {
	name, password, _ := strings.Cut(secret, ":")
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(name, password)
	quoted, _ := json.Marshal(map[string]string{"auth": secret, "again": "<" + secret + ">"})
	return map[string]string{
		"plain":                     "AUTH=" + secret + "\n",
		"twice":                     secret + secret,
		"the key alone":             "key " + password,
		"a header":                  req.Header.Get("Authorization"),
		"base64 with other letters": base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64 without padding":    base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"base64 in an address":      url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(secret))),
		"a query":                   url.Values{"auth": {secret}}.Encode(),
		"a path":                    url.PathEscape(secret),
		"an escape in small letters": strings.NewReplacer("%3A", "%3a", "%2F", "%2f", "%2B", "%2b", "%3F", "%3f", "%3D", "%3d",
			"%5C", "%5c", "%3C", "%3c", "%3E", "%3e", "%C3", "%c3", "%A4", "%a4", "%A9", "%a9").Replace(url.QueryEscape(secret)),
		"JSON":                   string(quoted),
		"a quoted Go string":     strconv.Quote(secret),
		"an error of net/http":   fmt.Sprintf("Get %q: refused", "https://"+url.UserPassword(name, password).String()+"@host/"),
		"base64 inside base64":   base64.StdEncoding.EncodeToString([]byte("1" + secret + "2")),
		"base64 inside base64, ": base64.StdEncoding.EncodeToString([]byte("12" + secret + "21")),
	}
}

// leak is the first piece of the secret, in any encoding, that a text shows.
func leak(secret, text string) string {
	_, password, _ := strings.Cut(secret, ":")
	for _, s := range []string{secret, password} {
		escaped := url.QueryEscape(s)
		shown := []string{s, escaped, url.PathEscape(s), strings.ToLower(escaped)}
		for before := range 3 { // what the middle of the secret looks like at each place of three
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + s + "xxx"))
			shown = append(shown, encoded[4:12], base64.URLEncoding.EncodeToString([]byte(strings.Repeat("x", before) + s + "xxx"))[4:12])
		}
		for _, piece := range shown {
			if strings.Contains(text, piece) || strings.Contains(strings.ToLower(text), piece) {
				return piece
			}
		}
	}
	return ""
}

func TestNoFormOfASecretIsLeft(t *testing.T) {
	for _, secret := range []string{issued, odd} {
		r := knowing(secret)
		for name, text := range ways(secret) {
			if leak(secret, text) == "" && name != "JSON" && name != "a quoted Go string" && name != "an error of net/http" {
				t.Errorf("%s: the test finds no secret in %q", name, text)
			}
			if got := r.String(text); leak(secret, got) != "" || !strings.Contains(got, mask) {
				t.Errorf("%s: %q is left of %q", name, got, text)
			}
		}
	}
}

func TestWhatIsNoSecretStays(t *testing.T) {
	text := "p95 < 80ms; WSK_AUTH; user:key; Basic dXNlcjprZXk="
	if got := knowing(issued).String(text); got != text {
		t.Errorf("got %q", got)
	}
	for name, r := range map[string]*Redactor{"no redactor": nil, "one that knows nothing": knowing("", "  ")} {
		if got := r.String(issued); got != issued {
			t.Errorf("%s changes %q to %q", name, issued, got)
		}
	}
}

func TestAShortPartIsHiddenOnlyInTheWhole(t *testing.T) {
	if got := knowing("a:b").String("a banana, a:b, Basic YTpi"); got != "a banana, ***, Basic ***" {
		t.Errorf("got %q", got)
	}
}

func TestTheLongestSecretIsHidden(t *testing.T) {
	r := knowing("secretsecret", "secretsecretmore")
	if got := r.String("secretsecretmore secretsecretmo"); got != "*** ***" {
		t.Errorf("got %q", got)
	}
}

func TestASecretThatIsCutOffIsHidden(t *testing.T) {
	r := knowing(issued)
	for _, text := range []string{issued[:20], key[:20], base64Of(issued)[:20]} {
		if got := r.String("error: " + text + "…"); got != "error: ***…" {
			t.Errorf("%q is left of %q", got, text)
		}
	}
	if got := r.String("error: " + key[:telling-1] + "…"); got != "error: "+key[:telling-1]+"…" {
		t.Errorf("a chance likeness gives %q", got)
	}
}

func TestPlacesStayTrueBehindStars(t *testing.T) {
	text := "auth: pä-" + odd + " # " + issued + "\nnext"
	got := string(knowing(odd, issued).Same([]byte(text)))
	if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) || leak(odd, got) != "" || !strings.HasSuffix(got, "*\nnext") {
		t.Errorf("got %q", got)
	}
}

func TestJSONStaysJSON(t *testing.T) {
	r := knowing("x:duration", "x:12345678", issued)
	text := `{"duration":12345678,"error":"duration 12345678 \"` + issued + `\"","` + issued + `":[1,true,"\\"]}`
	want := `{"duration":12345678,"error":"*** *** \"***\"","***":[1,true,"\\"]}`
	if got := string(r.JSON([]byte(text))); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := string(r.JSON([]byte(`{"cut":"a`))); !strings.HasPrefix(got, `{"cut":"a`) {
		t.Errorf("what is cut off gives %s", got)
	}
}
