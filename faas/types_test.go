package faas_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The lines of testdata/wrongtypes that end in "wrong" do not compile, and all
// others do.
func TestWrongTypesDoNotCompile(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("testdata", "wrongtypes", "main.go"))
	require.NoError(t, err)
	want := map[string]bool{}
	for i, line := range strings.Split(string(source), "\n") {
		if strings.HasSuffix(line, "// wrong") {
			want[strconv.Itoa(i+1)] = true
		}
	}
	require.NotEmpty(t, want)

	out, err := exec.Command("go", "build", "-gcflags=-e", "-o", os.DevNull, "./testdata/wrongtypes").CombinedOutput()
	require.Error(t, err, "%s", out)
	got := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if parts := strings.Split(line, ":"); strings.HasSuffix(parts[0], "main.go") {
			got[parts[1]] = true
		}
	}
	assert.Equal(t, want, got, "%s", out)
}
