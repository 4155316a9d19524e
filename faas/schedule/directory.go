package schedule

import (
	"bytes"
	"context"
	stdjson "encoding/json"

	"github.com/go-json-experiment/json"

	"github.com/afterword-go/afterword/internal/folder"
)

// A Directory is a store that keeps schedules as files of one folder.
// OpenDirectory makes one; the zero Directory is of no use. It may be used by
// several goroutines at once.
//
// A schedule is the file <ID>.json with mode 0600, where the ID is a UUID in
// lower case:
//
//	{
//	  "format": 1,
//	  "schedule": { the fields of Schedule }
//	}
//
// Everything else is as with a faas.Directory: what files there may be, what
// the disk has when a call returns, and that one process uses the folder at a
// time. Functions have a folder of their own.
type Directory struct{ records *folder.Records[Schedule] }

var _ Store = (*Directory)(nil)

// A file is what a file of a Directory holds.
type file struct {
	Format   int      `json:"format"`
	Schedule Schedule `json:"schedule"`
}

func form() folder.Form[Schedule] {
	return folder.Form[Schedule]{
		Noun: "schedule",
		Wrap: func(r Schedule) any { return file{folder.Format, r} },
		Unwrap: func(data []byte, opts ...json.Options) (Schedule, error) {
			var f file
			err := json.Unmarshal(data, &f, opts...)
			f.Schedule.Payload = compact(f.Schedule.Payload)
			return f.Schedule, err
		},
		Key:      func(r Schedule) (string, int64) { return r.ID, r.Saved },
		Clone:    Schedule.clone,
		Conflict: ErrConflict,
	}
}

// compact is JSON without blanks between: files have them, and payloads have
// none.
func compact(text stdjson.RawMessage) stdjson.RawMessage {
	var out bytes.Buffer
	if stdjson.Compact(&out, text) != nil {
		return text // it is not JSON, which is told elsewhere
	}
	return out.Bytes()
}

// OpenDirectory opens the folder at a path, which it makes with mode 0700 if
// it is missing; its parent must be there. It removes what a process that
// ended amid a change has left behind. Close the directory after use.
//
// The error says that another process uses the folder, or tells every file
// that is named *.json and is not a readable schedule, and what to do; it quotes
// nothing of what the files hold. Nothing is left out in silence.
func OpenDirectory(path string) (*Directory, error) {
	records, err := folder.OpenRecords(path, form())
	if err != nil {
		return nil, err
	}
	return &Directory{records}, nil
}

// Load gives all schedules. The error is that of the context, or os.ErrClosed.
func (d *Directory) Load(ctx context.Context) ([]Schedule, error) { return d.records.Load(ctx) }

// Save keeps a schedule, as Store says. The error is ErrConflict; that of the
// context, which counts until the writing begins; os.ErrClosed; or it says
// that the ID is not a UUID in lower case, the schedule too large, not UTF-8 or
// could not be written.
func (d *Directory) Save(ctx context.Context, schedule Schedule) error {
	return d.records.Save(ctx, schedule)
}

// Delete removes a schedule, as Store says. The errors are as those of Save.
func (d *Directory) Delete(ctx context.Context, id string, saved int64) error {
	return d.records.Delete(ctx, id, saved)
}

// Close gives the folder up. Calls after it fail with os.ErrClosed, but for
// Close, which does nothing.
func (d *Directory) Close() error { return d.records.Close() }
