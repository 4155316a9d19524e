package schedule

import (
	"context"

	"github.com/afterword-go/afterword/faas"
)

func who(ctx context.Context) string { return faas.Actor(ctx) }
