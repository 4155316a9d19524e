package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// The server's patience.
const (
	headerTime = 5 * time.Second
	readTime   = 10 * time.Second
	writeTime  = readTime + decisionTime + 5*time.Second // from the end of the headers
	idleTime   = time.Minute
	graceTime  = writeTime + time.Second // for requests that have begun when the server is to end
	headerSize = 16 << 10
)

// serve is the chat server: it decides what is posted to it until the context
// ends or the process is told to end, and then finishes what it has begun.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger := log.New(stderr, "", log.LstdFlags)

	var changes *folder
	if o.rules != "" { // before the rules are loaded, so that no change is missed
		var err error
		if changes, err = openFolder(o.rules); err != nil {
			return err
		}
		defer changes.close(logger)
	}
	desk, err := connect(o)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return err
	}
	if err := welcome(stdout, desk, o, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	if changes != nil {
		following := make(chan struct{})
		followed, unfollow := context.WithCancel(ctx)
		go func() {
			defer close(following)
			changes.follow(followed, settleTime, reloader(desk.live, logger))
		}()
		defer func() { unfollow(); <-following }()
	}
	server := &http.Server{
		Handler:           &endpoint{desk, logger},
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerSize,
		ErrorLog:          logger,
	}
	return serveUntil(ctx, stop, server, listener, logger)
}

// serveUntil serves until the context ends. Then it takes no further requests,
// and waits for those that have begun.
func serveUntil(ctx context.Context, stop func(), server *http.Server, listener net.Listener, logger *log.Logger) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stop() // a second signal ends the process at once
	logger.Print("ending: finishing the requests that have begun")
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	err := server.Shutdown(grace)
	if err != nil {
		err = errors.Join(fmt.Errorf("some requests did not end: %w", err), server.Close())
	}
	<-served // http.ErrServerClosed
	return err
}

// welcome says where the server listens, what decides, and how to try it.
func welcome(stdout io.Writer, d *desk, o options, addr net.Addr) error {
	url := "http://" + reachable(addr) + surveysPath
	rules := "The rules are built in: there is no folder to watch. -rules DIR gives one.\n"
	switch {
	case d.live == nil:
		rules = "No function is connected: the server's legacy rules decide.\n"
	case o.rules != "":
		rules = fmt.Sprintf("%s, from %s. Changes there take over once they load without a problem.\n", counted(ruleCount(d.live), "rule"), o.rules)
	}
	sample, err := builtInSurveys.ReadFile("surveys/01-documented.json")
	if err != nil {
		return err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, sample); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "Listening on %s, until Ctrl-C.\n%s\nTry it from another terminal:\n\n  curl -sS %s -d '%s'\n\n", addr, rules, url, compact.Bytes())
	return err
}

// reachable is an address under which a client on this machine reaches a
// server that listens on addr.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}
