package outbound

import (
	"io"
	"net/http"
)

// A boundedBody is a body that fails when it turns out longer than it may be.
type boundedBody struct {
	io.ReadCloser
	left   int64 // bytes
	beyond error // returned where more follow
	err    error // returned from now on
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	// One more than is left tells the end of the body from the limit.
	if int64(len(p))-1 > b.left {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), b.beyond
	}
	b.left -= int64(n)
	b.err = err
	return n, err
}

func (t *transport) bounded(body io.ReadCloser) io.ReadCloser {
	return &boundedBody{ReadCloser: body, left: t.maxRequest, beyond: errRequestTooLarge(t.maxRequest)}
}

// boundedAgain is GetBody for a request whose body is bounded.
func (t *transport) boundedAgain(req *http.Request) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		body, err := req.GetBody()
		if err != nil || body == http.NoBody {
			return body, err
		}
		return t.bounded(body), nil
	}
}
