package api_test

import (
	"strings"
	"testing"
)

func TestActionsAreMadeOfImages(t *testing.T) {
	s := defaults()
	s.images = true
	checkWith(t, s, []row{
		{name: "an image alone", do: `PUT ~/actions/a {"exec":{"kind":"blackbox","image":"example/a:1"}}`, status: 200,
			json: `{"exec":{"kind":"blackbox","image":"example/a:1","binary":false},
				"annotations":[{"key":"provide-api-key","value":false},{"key":"exec","value":"blackbox"}]}`},
		{name: "an image with code and its entry point", status: 200,
			do:   `PUT ~/actions/a {"exec":{"kind":"blackbox","image":"example/a:1","code":"UEsDBA==","main":"go"}}`,
			json: `{"exec":{"kind":"blackbox","image":"example/a:1","code":"UEsDBA==","main":"go","binary":true}}`},
		{name: "code of blanks is no code", do: `PUT ~/actions/a {"exec":{"kind":"blackbox","image":"example/a:1","code":"  "}}`, status: 200,
			json: `{"exec":{"kind":"blackbox","image":"example/a:1","binary":false}}`, lacks: `"code":" `},
		{name: "no image", do: `PUT ~/actions/a {"exec":{"kind":"blackbox","code":"x"}}`, status: 400,
			text: malformed + "'image' must be a string defined in 'exec' for 'blackbox' actions"},
		{name: "too much code", status: 413,
			do: `PUT ~/actions/a {"exec":{"kind":"blackbox","image":"x","code":"` + strings.Repeat("x", 1<<20+1) + `"}}`},
		{name: "the image is kept where other things change", status: 200,
			given: []string{`PUT ~/actions/a {"exec":{"kind":"blackbox","image":"example/a:1"}}`},
			do:    `PUT ~/actions/a?overwrite=true {"limits":{"memory":128}}`,
			json:  `{"version":"0.0.2","exec":{"kind":"blackbox","image":"example/a:1"}}`},
		{name: "the invoker is told the image", status: 200,
			given: []string{`PUT ~/actions/a {"exec":{"kind":"blackbox","image":"example/a:1","code":"request"}}`},
			do:    `POST ~/actions/a?blocking=true&result=true {}`, json: `{"image":"example/a:1"}`},
	})
}
