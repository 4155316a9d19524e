package faas

import (
	"context"

	"github.com/go-json-experiment/json"

	"github.com/afterword-go/afterword/internal/folder"
)

// A Directory is a store that keeps records as files of one folder.
// OpenDirectory makes one; the zero Directory is of no use. It may be used by
// several goroutines at once.
//
// A record is the file <ID>.json with mode 0600, where the ID is a UUID in lower
// case:
//
//	{
//	  "format": 1,
//	  "function": { the fields of Record }
//	}
//
// The format is 1; another number will tell of another form. A file may have
// no fields but these, no field twice, and no more than 16 MiB. Files that are not
// named *.json are left alone, but for two: .lock, which is there to be locked,
// and .record.tmp, which is a record while it is written.
//
// A change is on the disk when its call returns: it is written beside the record,
// synced, and renamed over it. If the process ends at any moment, each record
// is as it was before the change under way, or as it should be after it. That
// takes a local file system. If it does not become known whether a change is on
// the disk, the directory takes no more changes until it is opened again.
//
// While a Directory is open nobody else may change the folder. Another
// OpenDirectory is refused, here or in other processes; the lock ends with
// the process however it ends. There is no lock on Windows, Plan 9, Solaris,
// AIX and WebAssembly, and on Windows and Plan 9 no sync of the folder: there
// a power cut may undo a change. Keep to one process yourself there.
type Directory struct{ records *folder.Records[Record] }

var _ Store = (*Directory)(nil)

// A recordFile is what a file of a Directory holds.
type recordFile struct {
	Format   int    `json:"format"`
	Function Record `json:"function"`
}

func recordForm() folder.Form[Record] {
	return folder.Form[Record]{
		Noun: "function",
		Wrap: func(r Record) any { return recordFile{folder.Format, r} },
		Unwrap: func(data []byte, opts ...json.Options) (Record, error) {
			var file recordFile
			err := json.Unmarshal(data, &file, opts...)
			return file.Function, err
		},
		Key:      func(r Record) (string, int64) { return r.ID, r.Revision },
		Clone:    Record.clone,
		Conflict: ErrConflict,
	}
}

// OpenDirectory opens the folder at a path, which it makes with mode 0700 if
// it is missing; its parent must be there. It removes what a process that
// ended amid a change has left behind. Close the directory after use.
//
// The error says that another process uses the folder, or tells every file
// that is named *.json and is not a readable record, and what to do; it quotes
// nothing of what the files hold. Nothing is left out in silence.
func OpenDirectory(path string) (*Directory, error) {
	records, err := folder.OpenRecords(path, recordForm())
	if err != nil {
		return nil, err
	}
	return &Directory{records}, nil
}

// Load gives all records. The error is that of the context, or os.ErrClosed.
func (d *Directory) Load(ctx context.Context) ([]Record, error) { return d.records.Load(ctx) }

// Save keeps a record, as Store says. The error is ErrConflict; that of the
// context, which counts until the writing begins; os.ErrClosed; or it says
// that the ID is not a UUID in lower case, the record too large, not UTF-8 or
// could not be written.
func (d *Directory) Save(ctx context.Context, record Record) error {
	return d.records.Save(ctx, record)
}

// Delete removes a record, as Store says. The errors are as those of Save.
func (d *Directory) Delete(ctx context.Context, id string, revision int64) error {
	return d.records.Delete(ctx, id, revision)
}

// Close gives the folder up. Calls after it fail with os.ErrClosed, but for
// Close, which does nothing.
func (d *Directory) Close() error { return d.records.Close() }
