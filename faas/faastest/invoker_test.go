package faastest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/faastest"
)

func TestRuntimeIsAnInvoker(t *testing.T) {
	t.Parallel()
	faastest.TestInvoker(t, func(t *testing.T, functions ...faas.Function) faas.Invoker {
		rt, err := faas.New(faas.Config{Functions: functions})
		require.NoError(t, err)
		return rt
	})
}
