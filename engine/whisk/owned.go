package whisk

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// owned are the kinds of entities, in the order in which they can be removed: a rule before what it joins, and a package when
// it is empty.
var owned = []string{"rule", "trigger", "action", "package"}

// RemoveAll removes every entity of the caller's namespace whose name begins with prefix, of packages what is in them, too,
// and returns the names of what was there.
func (c *Client) RemoveAll(ctx context.Context, prefix string) (removed []string, err error) {
	for _, kind := range owned {
		names, err := c.named(ctx, kind, prefix)
		if err != nil {
			return removed, err
		}
		for _, name := range names {
			if err := c.remove(ctx, kind, name); err != nil {
				return removed, err
			}
			removed = append(removed, name)
		}
	}
	return removed, nil
}

// named lists the entities of a kind whose names, or whose package's, begin with prefix.
func (c *Client) named(ctx context.Context, kind, prefix string) (names []string, err error) {
	for skip := 0; ; skip += mostListed {
		from := c.base.JoinPath("namespaces", "_", kind+"s")
		from.RawQuery = url.Values{"skip": {strconv.Itoa(skip)}, "limit": {strconv.Itoa(mostListed)}}.Encode()
		var page []struct{ Namespace, Name string }
		if err := c.get(ctx, from, &page); err != nil {
			return nil, fmt.Errorf("list the %ss: %w", kind, err)
		}
		for _, e := range page {
			_, pkg, packaged := strings.Cut(e.Namespace, "/") // of an action: NAMESPACE/PACKAGE
			name := e.Name
			if packaged {
				name = pkg + "/" + name
			}
			if strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
		if len(page) < mostListed {
			return names, nil
		}
	}
}
