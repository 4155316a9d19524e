package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// patience is how long a client waits for anything.
const patience = 30 * time.Second

// A client is one connection. It sends requests that are ready bytes and reads
// no more of the answers than it needs, so that the time goes to the server.
type client struct {
	conn   net.Conn
	from   *bufio.Reader
	body   []byte // of the last answer
	closes bool   // the server closes the connection after the last answer
}

func dial(address string) (*client, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, from: bufio.NewReader(conn)}, nil
}

// close gives the connection up at once: an ending in good order would keep its
// port for a minute, and a soak has many connections.
func (c *client) close() error {
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		if err := tcp.SetLinger(0); err != nil {
			return errors.Join(err, c.conn.Close())
		}
	}
	return c.conn.Close()
}

// exchange sends a request and gives the status of the answer; its body is in
// c.body until the next exchange.
func (c *client) exchange(request []byte) (status int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.from.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return 0, errors.New("the answer does not begin as HTTP")
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, errors.New("the answer has no status")
	}
	length, err := c.header()
	if err != nil {
		return 0, err
	}
	c.body = grown(c.body, length)
	_, err = io.ReadFull(c.from, c.body)
	return status, err
}

// header reads the header of an answer and gives the length of its body.
func (c *client) header() (length int, err error) {
	length = -1
	c.closes = false
	for {
		line, err := c.from.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if text, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(text)); err != nil {
				return 0, errors.New("the length of the answer is not a number")
			}
		}
		c.closes = c.closes || string(line) == "Connection: close"
	}
	if length < 0 || length > 1<<20 {
		return 0, errors.New("the length of the answer is missing or beyond 1 MiB")
	}
	return length, nil
}

func grown(buffer []byte, length int) []byte {
	if cap(buffer) < length {
		return make([]byte, length)
	}
	return buffer[:length]
}

// request makes the bytes of a request. Headers are whole lines.
func request(path, body string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", path, len(body))
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// An idRequest is a request with a header X-Request-ID that changes.
type idRequest struct {
	bytes []byte
	at    int // where the ID's digits are
}

const idDigits = 16

func newIDRequest(path, body string) idRequest {
	const mark = "X-Request-ID: load-"
	b := request(path, body, mark+"0000000000000000")
	return idRequest{b, bytes.Index(b, []byte(mark)) + len(mark)}
}

// with gives the request with an ID. It is the same memory every time.
func (r idRequest) with(id uint64) []byte {
	for i := idDigits - 1; i >= 0; i-- {
		r.bytes[r.at+i] = "0123456789abcdef"[id&15]
		id >>= 4
	}
	return r.bytes
}
