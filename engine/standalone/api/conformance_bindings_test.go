package api_test

import "testing"

// What bindings and packages of others are made of.
const (
	putShared   = `other: PUT ~/packages/shared {"publish":true,"parameters":[{"key":"a","value":"package"},{"key":"p","value":1}]}`
	putPrivate  = `other: PUT ~/packages/private {}`
	putTheirs   = `other: PUT ~/actions/shared/do {"exec":{"kind":"nodejs:20","code":"request"},"parameters":[{"key":"a","value":"action"}]}`
	putHidden   = `other: PUT ~/actions/private/do {"exec":{"kind":"nodejs:20","code":"echo"}}`
	putBound    = `PUT ~/packages/bound {"binding":{"namespace":"other","name":"shared"},"parameters":[{"key":"p","value":2}]}`
	putOwn      = `PUT ~/packages/own {"binding":{"namespace":"_","name":"pkg"},"parameters":[{"key":"p","value":2}]}`
	unpublish   = `other: PUT ~/packages/shared?overwrite=true {"publish":false}`
	shared      = "/api/v1/namespaces/other/packages/shared"
	sharedDo    = "/api/v1/namespaces/other/actions/shared/do"
	notAllowed  = "The supplied authentication is not authorized to access '"
	notOnABound = "Operation not permitted on package binding."
)

func TestBindingsAreStored(t *testing.T) {
	check(t, []row{
		{name: "a binding names its provider", given: []string{putPkg}, do: putOwn, status: 200,
			json: `{"binding":{"namespace":"guest","name":"pkg"},"version":"0.0.1",
				"annotations":[{"key":"binding","value":{"namespace":"guest","name":"pkg"}}]}`},
		{name: "a binding to a package that others published", given: []string{putShared}, do: putBound, status: 200,
			json: `{"binding":{"namespace":"other","name":"shared"}}`},
		{name: "a binding shows what it inherits below what it sets", given: []string{putPkg, putIn, putOwn},
			do: "GET ~/packages/own", status: 200,
			json: `{"name":"own","binding":{"namespace":"guest","name":"pkg"},
				"parameters":[{"key":"a","value":"package"},{"key":"p","value":2}],"actions":[{"name":"in"}]}`},
		{name: "the list says what is a binding", given: []string{putPkg, putOwn}, do: "GET ~/packages", status: 200,
			json: `[{"name":"own","binding":{"namespace":"guest","name":"pkg"}},{"name":"pkg","binding":false}]`},
		{name: "a binding to nothing", do: putOwn, status: 400, text: "Binding references a package that does not exist."},
		{name: "a binding to what is no package", given: []string{putEcho},
			do: `PUT ~/packages/b {"binding":{"namespace":"_","name":"echo"}}`, status: 409,
			text: "Cannot bind to a resource that is not a package."},
		{name: "a binding to a binding", given: []string{putPkg, putOwn},
			do: `PUT ~/packages/b {"binding":{"namespace":"_","name":"own"}}`, status: 400,
			text: "Cannot bind to another package binding."},
		{name: "a binding to itself", do: `PUT ~/packages/b {"binding":{"namespace":"_","name":"b"}}`, status: 400,
			text: "Binding references a package that does not exist."},
		{name: "a binding to what others keep for themselves", given: []string{putPrivate}, status: 403,
			do: `PUT ~/packages/b {"binding":{"namespace":"other","name":"private"}}`, text: notAllowed + "other/private'."},
		{name: "a binding to what others do not have", status: 403,
			do: `PUT ~/packages/b {"binding":{"namespace":"other","name":"none"}}`, text: notAllowed + "other/none'."},
		{name: "a binding to a name that is none", do: `PUT ~/packages/b {"binding":{"namespace":"_","name":"?"}}`,
			status: 400, text: "The name of the entity contains illegal characters."},
		{name: "a package does not become a binding", given: []string{putPkg, "PUT ~/packages/b {}"}, status: 409,
			do:   `PUT ~/packages/b?overwrite=true {"binding":{"namespace":"_","name":"pkg"}}`,
			text: "Resource is a package and cannot be converted into a binding."},
		{name: "an update of a binding keeps what it is bound to", given: []string{putPkg, putOwn}, status: 200,
			do: `PUT ~/packages/own?overwrite=true {"publish":true}`, json: `{"version":"0.0.2","binding":{"name":"pkg"}}`},
		{name: "a binding may be bound to another package", given: []string{putPkg, putOwn, "PUT ~/packages/two {}"},
			do:     `PUT ~/packages/own?overwrite=true {"binding":{"namespace":"_","name":"two"}}`,
			status: 200, json: `{"binding":{"name":"two"}}`},
		{name: "a binding is deleted, whatever its provider holds", given: []string{putPkg, putIn, putOwn},
			do: "DELETE ~/packages/own", status: 200, json: `{"name":"own","binding":{"name":"pkg"}}`},
		{name: "the provider stays when a binding goes", given: []string{putPkg, putIn, putOwn, "DELETE ~/packages/own"},
			do: "GET ~/actions/pkg/in", status: 200},
		{name: "a binding whose provider is gone", given: []string{putPkg, putOwn, "DELETE ~/packages/pkg"},
			do: "GET ~/packages/own", status: 404, text: "The requested resource 'guest/own' does not exist."},
		{name: "a binding whose provider became private", given: []string{putShared, putBound, unpublish},
			do: "GET ~/packages/bound", status: 403, text: notAllowed + "guest/bound'."},
		{name: "a binding whose provider somebody else removed", given: []string{putShared, putBound, "other: DELETE ~/packages/shared"},
			do: "GET ~/packages/bound", status: 403, text: notAllowed + "guest/bound'."},
		{name: "a binding keeps its annotation, whatever is sent", given: []string{putPkg, putOwn}, status: 200,
			do:   `PUT ~/packages/own?overwrite=true {"annotations":[{"key":"x","value":1},{"key":"binding","value":7}]}`,
			json: `{"annotations":[{"key":"x","value":1},{"key":"binding","value":{"namespace":"guest","name":"pkg"}}]}`},
		{name: "a binding is not bound to itself later", given: []string{putPkg, putOwn}, status: 400,
			do:   `PUT ~/packages/own?overwrite=true {"binding":{"namespace":"_","name":"own"}}`,
			text: "Cannot bind to another package binding."},
	})
}

func TestActionsAreReachedThroughBindings(t *testing.T) {
	check(t, []row{
		{name: "an action through a binding is shown with what it inherits", given: []string{putPkg, putIn, putOwn},
			do: "GET ~/actions/own/in", status: 200,
			json: `{"namespace":"guest/pkg","name":"in","parameters":[{"key":"a","value":"action"},{"key":"p","value":2}]}`},
		{name: "the actions of a binding are its provider's", given: []string{putPkg, putIn, putOwn},
			do: "GET ~/actions/own/", status: 200, json: `[{"namespace":"guest/pkg","name":"in"}]`},
		{name: "an action that the provider does not have", given: []string{putPkg, putOwn}, do: "GET ~/actions/own/none",
			status: 404, text: missing},
		{name: "nothing is put into a binding", given: []string{putPkg, putOwn}, status: 400, text: notOnABound,
			do: `PUT ~/actions/own/new {"exec":{"kind":"nodejs:20","code":"x"}}`},
		{name: "nothing is deleted from a binding", given: []string{putPkg, putIn, putOwn}, do: "DELETE ~/actions/own/in",
			status: 400, text: notOnABound},
		{name: "parameters of package, binding, action and payload, weakest first", status: 200,
			given: []string{putShared, putTheirs, putBound}, do: "POST ~/actions/bound/do?blocking=true&result=true {\"n\":1}",
			json: `{"params":{"a":"action","p":2,"n":1},"path":"other/shared/do","namespace":"guest"}`},
		{name: "the payload is the strongest", given: []string{putShared, putTheirs, putBound}, status: 200,
			do: `POST ~/actions/bound/do?blocking=true&result=true {"a":3,"p":4}`, json: `{"params":{"a":3,"p":4}}`},
		{name: "the record names the binding, and the action's own path", given: []string{putPkg, putIn, putOwn},
			do: "POST ~/actions/own/in?blocking=true", status: 200,
			json: `{"namespace":"guest","annotations":[{"key":"path","value":"guest/pkg/in"},{},{},{},{},{},
				{"key":"binding","value":"guest/own"},{}]}`},
		{name: "a component through a binding", given: []string{putPkg, putIn, putOwn, seq("s", "own/in")},
			do: "POST ~/actions/s?blocking=true&result=true", status: 200, json: `{"a":"action","p":2}`},
		{name: "a rule for an action in a binding", given: []string{putPkg, putIn, putOwn, "PUT ~/triggers/t {}"},
			do:     `PUT ~/rules/r {"trigger":"/_/t","action":"/_/own/in"}`,
			status: 200, json: `{"action":{"path":"guest/own","name":"in"}}`},
		{name: "a web action through a binding", status: 200, json: `{"n":"1"}`, do: "GET /api/v1/web/guest/own/page.json?n=1",
			given: []string{putPkg, putOwn, `PUT ~/actions/pkg/page {"exec":{"kind":"nodejs:20","code":"echo"},` +
				`"annotations":[{"key":"web-export","value":true}]}`}},
	})
}

func TestPackagesOfOthers(t *testing.T) {
	const theirs = "/api/v1/namespaces/other"
	check(t, []row{
		{name: "a package that is published is read", given: []string{putShared, putTheirs}, do: "GET " + shared, status: 200,
			json: `{"namespace":"other","name":"shared","publish":true,"actions":[{"name":"do"}]}`},
		{name: "its actions are listed", given: []string{putShared, putTheirs}, do: "GET " + theirs + "/actions/shared/",
			status: 200, json: `[{"namespace":"other/shared","name":"do"}]`},
		{name: "its actions are read", given: []string{putShared, putTheirs}, do: "GET " + sharedDo, status: 200,
			json: `{"name":"do","parameters":[{"key":"a","value":"action"},{"key":"p","value":1}]}`},
		{name: "its actions are invoked, and the activation is the caller's", given: []string{putShared, putTheirs},
			do: "POST " + sharedDo + "?blocking=true", status: 200,
			json: `{"namespace":"guest","subject":"guest","response":{"result":{"path":"other/shared/do","namespace":"guest"}}}`},
		{name: "the credential is the caller's", status: 200, do: "POST " + theirs + "/actions/shared/keyed?blocking=true&result=true",
			given: []string{putShared, `other: PUT ~/actions/shared/keyed {"exec":{"kind":"nodejs:20","code":"request"},` +
				`"annotations":[{"key":"provide-api-key","value":true}]}`}, json: `{"key":"user:key"}`},
		{name: "one that is not published is not read", given: []string{putPrivate}, do: "GET " + theirs + "/packages/private",
			status: 403, text: notAllowed + "other/private'."},
		{name: "nor its actions", given: []string{putPrivate, putHidden}, do: "GET " + theirs + "/actions/private/do",
			status: 403, text: notAllowed + "other/private'."},
		{name: "nor are they invoked", given: []string{putPrivate, putHidden}, do: "POST " + theirs + "/actions/private/do",
			status: 403, text: notAllowed + "other/private'."},
		{name: "whether others have a package is not told", do: "GET " + theirs + "/packages/none", status: 403,
			text: notAllowed + "other/none'."},
		{name: "an action that a published package does not have", given: []string{putShared},
			do: "GET " + theirs + "/actions/shared/none", status: 404, text: missing},
		{name: "a list of others has only what they published", given: []string{putShared, putPrivate},
			do: "GET " + theirs + "/packages", status: 200, json: `[{"name":"shared","publish":true}]`},
		{name: "a list of others has no bindings", status: 200, json: `[{"name":"shared"}]`, do: "GET " + theirs + "/packages",
			given: []string{putShared, `other: PUT ~/packages/b {"publish":true,"binding":{"namespace":"_","name":"shared"}}`}},
		{name: "a binding of others is theirs alone", status: 403, text: notAllowed + "other/b'.",
			given: []string{putShared, `other: PUT ~/packages/b {"publish":true,"binding":{"namespace":"_","name":"shared"}}`},
			do:    "GET " + theirs + "/packages/b"},
		{name: "a list of a namespace that is not there is empty", do: "GET /api/v1/namespaces/nobody/packages", status: 200,
			json: `[]`},
		{name: "nothing is put into packages of others", given: []string{putShared}, status: 403,
			do: "PUT " + sharedDo + ` {"exec":{"kind":"nodejs:20","code":"x"}}`, text: notAllowed + "other/shared/do'."},
		{name: "nothing is deleted there", given: []string{putShared, putTheirs}, do: "DELETE " + sharedDo, status: 403,
			text: notAllowed + "other/shared/do'."},
		{name: "their packages are not changed", given: []string{putShared}, do: "PUT " + shared + "?overwrite=true {}",
			status: 403, text: notAllowed + "other/shared'."},
		{name: "nor deleted", given: []string{putShared}, do: "DELETE " + shared, status: 403,
			text: notAllowed + "other/shared'."},
		{name: "their actions outside of packages are not read", do: "GET " + theirs + "/actions/echo", status: 403,
			text: notAllowed + "other/echo'."},
		{name: "their list of actions is not read", do: "GET " + theirs + "/actions", status: 403,
			text: notAllowed + "other'."},
		{name: "their triggers are not read", do: "GET " + theirs + "/triggers/t", status: 403, text: notAllowed + "other/t'."},
		{name: "their rules are not read", do: "GET " + theirs + "/rules", status: 403, text: notAllowed + "other'."},
		{name: "their activations are not read", do: "GET " + theirs + "/activations", status: 403,
			text: notAllowed + "other'."},
		{name: "their limits are not read", do: "GET " + theirs + "/limits", status: 403, text: notAllowed + "other'."},
		{name: "a component of others that is published", given: []string{putShared, putTheirs}, status: 200,
			do:   `PUT ~/actions/s {"exec":{"kind":"sequence","components":["/other/shared/do"]}}`,
			json: `{"exec":{"components":["/other/shared/do"]}}`},
		{name: "a component of others that is not published", given: []string{putPrivate, putHidden}, status: 403,
			do:   `PUT ~/actions/s {"exec":{"kind":"sequence","components":["/other/private/do"]}}`,
			text: notAllowed + "other/private'."},
		{name: "a rule for an action of others that is not published", status: 403, text: notAllowed + "other/private'.",
			given: []string{putPrivate, putHidden, "PUT ~/triggers/t {}"},
			do:    `PUT ~/rules/r {"trigger":"/_/t","action":"/other/private/do"}`},
		{name: "a rule for a trigger of others", status: 403, text: notAllowed + "other/t'.",
			given: []string{putEcho, "other: PUT ~/triggers/t {}"}, do: `PUT ~/rules/r {"trigger":"/other/t","action":"/_/echo"}`},
	})
}

func TestNamespacesAreApart(t *testing.T) {
	check(t, []row{
		{name: "each sees itself", do: "other: GET /api/v1/namespaces", status: 200, json: `["other"]`},
		{name: "_ is the caller's own", given: []string{putEcho, `other: PUT ~/actions/mine {"exec":{"kind":"nodejs:20","code":"x"}}`},
			do: "other: GET ~/actions", status: 200, json: `[{"namespace":"other","name":"mine"}]`},
		{name: "the same name is another action", given: []string{putEcho}, status: 404, do: "other: GET ~/actions/echo",
			text: missing},
		{name: "each has its own activations", given: []string{putEcho, "POST ~/actions/echo?blocking=true"},
			do: "other: GET ~/activations", status: 200, json: `[]`},
		{name: "each has its own limits", do: "other: GET ~/limits", status: 200,
			json: `{"invocationsPerMinute":60,"concurrentInvocations":30}`},
	})
	f := serve(t, settings{perMinute: 1, concurrent: 30})
	f.must(t, putEcho)
	f.must(t, `other: PUT ~/actions/echo {"exec":{"kind":"nodejs:20","code":"echo"}}`)
	f.must(t, "POST ~/actions/echo")
	row{do: "a second call of the same minute", status: 429, json: `{}`}.judge(t, f.call(t, "POST ~/actions/echo"))
	row{do: "a call of another namespace", status: 202, json: `{}`}.judge(t, f.call(t, "other: POST ~/actions/echo"))
	id := f.must(t, "other: POST ~/actions/echo?blocking=true").header.Get("X-Openwhisk-Activation-Id")
	row{do: "the record of another namespace", status: 404, json: `{}`}.judge(t, f.call(t, "GET ~/activations/"+id))
}
