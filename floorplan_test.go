package afterword_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const house = "github.com/afterword-go/afterword"

// A room is one package of this module, or with "/..." a package and all below
// it. The most precise row counts.
type room struct {
	path  string   // below the module; "." is the module itself
	doors []string // the rooms whose packages it may import
	links []string // the third-party modules it may link, directly or not
	shuns []string // the packages of the standard library it may not link
}

// Packages below an internal directory have no links of their own to keep:
// whoever uses them answers for what they bring along.
var plan = []room{
	{path: "."},
	{path: "events", doors: []string{"internal/..."}, links: payloads, shuns: outside},
	{path: "rules", doors: []string{"rules/internal/...", "internal/..."}, links: language, shuns: outside},
	{path: "rules/internal/...", doors: []string{"rules/internal/...", "internal/..."}},
	{path: "rules/decisionlog", doors: []string{"rules", "rules/internal/..."}, links: slices.Concat(language, lines), shuns: outside},
	{path: "rules/diff", doors: []string{"rules", "rules/decisionlog", "rules/replay", "internal/..."}, links: slices.Concat(language, lines), shuns: outside},
	{path: "rules/replay", doors: []string{"rules", "rules/decisionlog", "internal/..."}, links: slices.Concat(language, lines), shuns: outside},
	{path: "rules/rulestest", doors: []string{"rules"}, links: language, shuns: []string{"net/http"}},
	{path: "transcript", doors: []string{"events", "rules", "rules/decisionlog", "rules/diff", "rules/replay", "internal/..."}, links: slices.Concat(payloads, language), shuns: outside},
	{path: "transcript/transcripttest", doors: []string{"transcript"}, links: slices.Concat(payloads, language), shuns: []string{"net/http"}},
	{path: "faas", doors: []string{"events", "internal/..."}, links: slices.Concat(payloads, identity), shuns: outside},
	{path: "faas/telemetry", doors: []string{"faas"}, links: slices.Concat(payloads, identity, telemetry), shuns: outside},
	{path: "faas/faastest", doors: []string{"events", "faas"}, links: slices.Concat(payloads, identity), shuns: []string{"net/http"}},
	{path: "faas/schedule", doors: []string{"events", "faas", "internal/..."}, links: slices.Concat(payloads, identity, clock), shuns: outside},
	{path: "faas/gateway", doors: []string{"events", "faas", "faas/schedule", "internal/..."}, links: slices.Concat(payloads, identity, tokens, clock), shuns: []string{"testing"}},
	{path: "toolbelt/conversations", shuns: outside},
	{path: "toolbelt/mail", doors: []string{"events", "internal/..."}, links: slices.Concat(payloads, post), shuns: outside},
	{path: "toolbelt/outbound", links: network, shuns: []string{"testing"}},
	{path: "toolbelt/salesforce", shuns: []string{"testing"}},
	{path: "toolbelt/secrets", doors: []string{"internal/..."}, links: slices.Concat(records, identity, sealing), shuns: outside},
	{path: "examples/...", doors: []string{"events", "rules", "transcript", "faas"}, links: slices.Concat(payloads, language, identity)},
	{path: "examples/chatserver", doors: []string{"events", "rules", "transcript", "faas"}, links: slices.Concat(payloads, language, identity, watching)},
	{path: "cmd/afterword", doors: []string{"events", "rules", "rules/decisionlog", "rules/diff", "rules/replay", "transcript", "faas", "faas/gateway", "faas/schedule", "toolbelt/secrets", "cmd/afterword/templates", "internal/..."}, links: slices.Concat(payloads, language, identity, tokens, clock, sealing, commandLine, recordings, measures), shuns: []string{"testing"}},
	{path: "cmd/afterword/templates", doors: []string{"events"}, links: payloads, shuns: outside},
	{path: "cmd/afterword/templates/...", doors: []string{"events", "transcript", "faas", "toolbelt/..."}, links: slices.Concat(payloads, language, identity, post, network, sealing), shuns: []string{"testing"}},
	{path: "internal/...", doors: []string{"internal/..."}},
}

var (
	// What decoding and validation of payloads take.
	payloads = []string{
		"github.com/go-json-experiment/json",
		"github.com/go-playground/validator/v10",
		"github.com/gabriel-vasile/mimetype",
		"github.com/go-playground/locales",
		"github.com/go-playground/universal-translator",
		"github.com/leodido/go-urn",
		"golang.org/x/crypto",
		"golang.org/x/sys",
		"golang.org/x/text",
	}
	// What the rule language takes.
	language = []string{"github.com/expr-lang/expr", "go.yaml.in/yaml/v4"}

	// What writing and reading lines of JSON takes.
	lines = []string{"github.com/go-json-experiment/json"}

	// What following the files of a folder takes.
	watching = []string{"github.com/fsnotify/fsnotify"}

	// What naming functions takes.
	identity = []string{"github.com/google/uuid"}

	// What tracing and metrics take.
	telemetry = []string{"go.opentelemetry.io/otel", "go.opentelemetry.io/otel/trace", "go.opentelemetry.io/otel/metric", "github.com/cespare/xxhash/v2"}

	// What running functions at times takes.
	clock = []string{"github.com/netresearch/go-cron"}

	// What keeping records in files takes.
	records = []string{"github.com/go-json-experiment/json", "golang.org/x/sys"}

	// What keeping secrets takes.
	sealing = []string{"filippo.io/age", "filippo.io/hpke", "golang.org/x/crypto"}

	// What sending mail takes.
	post = []string{"github.com/wneessen/go-mail", "golang.org/x/text", "golang.org/x/crypto"}

	// What calling others safely takes.
	network = []string{"code.dny.dev/ssrf"}

	// What knowing callers takes.
	tokens = []string{"github.com/golang-jwt/jwt/v5"}

	// What a command line takes.
	commandLine = []string{"github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/mod", "golang.org/x/term"}

	// What reading recordings and telling how far that is takes.
	recordings = []string{"github.com/klauspost/compress", "github.com/schollz/progressbar/v3", "github.com/mitchellh/colorstring", "github.com/rivo/uniseg"}

	// What counting for Prometheus takes.
	measures = []string{"github.com/VictoriaMetrics/metrics", "github.com/valyala/fastrand", "github.com/valyala/histogram"}

	// What a library that only decides has no use for.
	outside = []string{"net/http", "os/exec", "testing"}
)

func TestFloorPlan(t *testing.T) {
	t.Parallel()
	watchTree(t)
	packages, err := listPackages()
	require.NoError(t, err)
	assert.Empty(t, breaches(plan, packages))
}

// watchTree reads the directories of the module, so that go test does not take
// this test's result from its cache when a file of another package changes: it
// sees what a test reads, but not what the command it starts reads.
func watchTree(t *testing.T) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		return err
	}))
}

// A listed is what go list says about a package.
type listed struct {
	ImportPath string
	Imports    []string // direct
	Deps       []string // all of them
	Standard   bool
	Module     *struct{ Path string }
}

// listPackages lists the packages of this module and all that they link.
func listPackages() ([]listed, error) {
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard,Module", "./...")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &stderr)
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// breaches lists where the packages do not keep to the plan.
func breaches(plan []room, packages []listed) []string {
	var found []string
	breach := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }

	moduleOf := map[string]string{}
	for _, p := range packages {
		if p.Module != nil && !p.Standard {
			moduleOf[p.ImportPath] = p.Module.Path
		}
	}
	used := map[string]bool{}
	for _, p := range packages {
		if moduleOf[p.ImportPath] != house {
			continue
		}
		path := within(p.ImportPath)
		r, ok := roomOf(plan, path)
		if !ok {
			breach("%s: has no row in the floor plan", path)
			continue
		}
		used[r.path] = true
		for _, imported := range p.Imports {
			if moduleOf[imported] == house && !slices.ContainsFunc(r.doors, func(door string) bool { return covers(door, within(imported)) }) {
				breach("%s: imports %s, and has no door to it", path, within(imported))
			}
		}
		if slices.Contains(strings.Split(path, "/"), "internal") {
			continue
		}
		linked := map[string]bool{}
		for _, dep := range p.Deps {
			if module := moduleOf[dep]; module != "" && module != house && !slices.Contains(r.links, module) && !linked[module] {
				linked[module] = true
				breach("%s: links %s, which is not among its modules", path, module)
			}
			if slices.Contains(r.shuns, dep) {
				breach("%s: links %s, which it shuns", path, dep)
			}
		}
	}
	for _, r := range plan {
		if !used[r.path] {
			breach("%s: is in the floor plan, and there is no such package", r.path)
		}
	}
	return found
}

// roomOf finds the most precise row for a package.
func roomOf(plan []room, path string) (room, bool) {
	var best room
	for _, r := range plan {
		if covers(r.path, path) && (best.path == "" || r.path == path || best.path != path && len(r.path) > len(best.path)) {
			best = r
		}
	}
	return best, best.path != ""
}

func covers(pattern, path string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == tree || strings.HasPrefix(path, tree+"/")
	}
	return path == pattern
}

func within(importPath string) string {
	if importPath == house {
		return "."
	}
	return strings.TrimPrefix(importPath, house+"/")
}

func TestBreaches(t *testing.T) {
	t.Parallel()
	small := []room{
		{path: "ground", doors: []string{"internal/..."}, links: []string{"example.com/json"}, shuns: outside},
		{path: "ground/...", doors: []string{"ground"}, links: []string{"example.com/json"}},
		{path: "upper", doors: []string{"ground", "ground/deep/..."}, links: []string{"example.com/json"}},
		{path: "internal/...", doors: []string{"internal/..."}},
	}
	// A sound house, one line a package: its path, then what it imports.
	sound := []string{
		"ground internal/a fmt example.com/json/text",
		"ground/deep ground",
		"upper ground ground/deep net/http",
		"internal/a internal/b",
		"internal/b",
		"example.com/json/text fmt",
		"example.com/cli",
		"example.com/cli/colour example.com/cli",
	}
	for _, c := range []struct {
		name string
		edit map[string]string // instead of a line of sound, by its beginning
		want []string
	}{
		{name: "sound"},
		{
			"upward",
			map[string]string{"ground ": "ground upper"},
			[]string{"ground: imports upper, and has no door to it", "ground: links net/http, which it shuns"},
		},
		{"sideways", map[string]string{"ground/deep": "ground/deep ground internal/a"}, []string{"ground/deep: imports internal/a, and has no door to it"}},
		{"out of the cellar", map[string]string{"internal/b": "internal/b ground/deep/er", "new": "ground/deep/er"}, []string{"internal/b: imports ground/deep/er, and has no door to it"}},
		{"below a door", map[string]string{"upper": "upper ground/deep/er", "new": "ground/deep/er"}, nil},
		{"no row", map[string]string{"new": "cellar"}, []string{"cellar: has no row in the floor plan"}},
		{"no row for the root", map[string]string{"new": "."}, []string{".: has no row in the floor plan"}},
		{"no package", map[string]string{"upper": ""}, []string{"upper: is in the floor plan, and there is no such package"}},
		{"a link", map[string]string{"ground ": "ground example.com/cli"}, []string{
			"ground: links example.com/cli, which is not among its modules",
			"ground/deep: links example.com/cli, which is not among its modules",
			"upper: links example.com/cli, which is not among its modules",
		}},
		{"a link further down, said once", map[string]string{"upper": "upper internal/b example.com/cli/colour"}, []string{
			"upper: imports internal/b, and has no door to it",
			"upper: links example.com/cli, which is not among its modules",
		}},
		{"a link by way of internal", map[string]string{"internal/b": "internal/b example.com/cli/colour", "upper": "upper", "ground/deep": "ground/deep"}, []string{
			"ground: links example.com/cli, which is not among its modules",
		}},
		{"shunned", map[string]string{"internal/b": "internal/b testing"}, []string{"ground: links testing, which it shuns"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines := slices.Clone(sound)
			for start, line := range c.edit {
				i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l+" ", start) })
				if i < 0 {
					lines = append(lines, line)
				} else {
					lines[i] = line
				}
			}
			assert.ElementsMatch(t, c.want, breaches(small, graph(lines)))
		})
	}
}

// graph makes of lines such as "path import import" what go list would say:
// a path that begins with a host is third-party, one that begins with a room of
// the small house is in this module, and the rest is the standard library.
func graph(lines []string) []listed {
	ours := func(path string) string {
		switch first, _, _ := strings.Cut(path, "/"); first {
		case "ground", "upper", "internal", "cellar":
			return house + "/" + path
		case ".":
			return house
		}
		return path
	}
	imports := map[string][]string{}
	var order []string
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		order = append(order, ours(words[0]))
		for _, word := range words[1:] {
			imports[ours(words[0])] = append(imports[ours(words[0])], ours(word))
		}
	}
	var reach func(path string, seen map[string]bool)
	reach = func(path string, seen map[string]bool) {
		for _, imported := range imports[path] {
			if !seen[imported] {
				seen[imported] = true
				reach(imported, seen)
			}
		}
	}
	var all []listed
	for _, path := range order {
		deps := map[string]bool{}
		reach(path, deps)
		p := listed{ImportPath: path, Imports: imports[path]}
		for dep := range deps {
			p.Deps = append(p.Deps, dep)
		}
		slices.Sort(p.Deps)
		words := strings.Split(path, "/")
		switch {
		case path == house || strings.HasPrefix(path, house+"/"):
			p.Module = &struct{ Path string }{house}
		case strings.Contains(words[0], "."):
			p.Module = &struct{ Path string }{strings.Join(words[:2], "/")}
		default:
			p.Standard = true
		}
		all = append(all, p)
	}
	return all
}
