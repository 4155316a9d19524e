package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// What there is if nobody says otherwise: as afterword serve has it.
const (
	defaultServer  = "http://127.0.0.1:8080"
	defaultAccount = "local"
)

// A remote says which gateway to ask, and as whom.
type remote struct {
	server, account      string
	tokenFile            string
	clientID, secretFile string
	getenv               func(string) string
	pause                func(context.Context, time.Duration) error
}

func newRemote() *remote { return &remote{getenv: os.Getenv, pause: sleep} }

// remoteHelp says how a gateway is reached.
const remoteHelp = `The gateway is at --server, or $AFTERWORD_SERVER, or ` + defaultServer + `, and the
account is --account, or $AFTERWORD_ACCOUNT, or ` + defaultAccount + `. Where callers prove who they are,
give a token in $AFTERWORD_TOKEN or --token-file, or a client with --client-id and
--client-secret-file. No flag takes a token or a secret itself: others on the machine
see the arguments of a process, and a shell keeps them. Only https leaves the machine.`

func (r *remote) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&r.server, "server", "", "the `URL` of the gateway")
	flags.StringVar(&r.account, "account", "", "the `account` whose functions are meant")
	flags.StringVar(&r.tokenFile, "token-file", "", "prove who calls with the token in this `file`")
	flags.StringVar(&r.clientID, "client-id", "", "fetch a token as the client with this `ID`")
	flags.StringVar(&r.secretFile, "client-secret-file", "", "the client's secret, in this `file`")
}

// use has a verb ask a gateway, within the time that there is.
func (r *remote) use(ctx context.Context, do func(context.Context, *client) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, clientTimeout, fmt.Errorf("no answer within %v", clientTimeout))
	defer cancel()
	c, err := r.connect(ctx)
	if err == nil {
		err = do(ctx, c)
	}
	var no *refusal
	if errors.As(err, &no) {
		return &findingsError{err}
	}
	return err
}

// connect makes the client, and fetches its token if there is none.
func (r *remote) connect(ctx context.Context) (*client, error) {
	server, err := serverURL(cmp.Or(r.server, r.getenv("AFTERWORD_SERVER"), defaultServer))
	if err != nil {
		return nil, err
	}
	c := &client{
		server: server, account: cmp.Or(r.account, r.getenv("AFTERWORD_ACCOUNT"), defaultAccount),
		http: newHTTPClient(), pause: r.pause,
	}
	if (r.clientID == "") != (r.secretFile == "") {
		return nil, usagef("--client-id and --client-secret-file go together: give both, or neither")
	}
	switch {
	case r.clientID != "" && r.tokenFile != "":
		return nil, usagef("give a token or a client, not both: --token-file or --client-id")
	case r.clientID != "":
		err = c.login(ctx, r.clientID, r.secretFile)
	case r.tokenFile != "":
		c.token, err = readSecret(r.tokenFile, maxToken)
	default:
		c.token, err = secretOf("$AFTERWORD_TOKEN", r.getenv("AFTERWORD_TOKEN"), maxToken)
	}
	return c, err
}

// serverURL is the URL of a gateway, without a slash at its end. What leaves
// the machine, surveys and tokens, must be encrypted.
func serverURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", usagef("the server must be a URL such as %s", defaultServer)
	case u.User != nil:
		return "", usagef("the URL of the server may hold no name and no password: give a token")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", usagef("the URL of the server may have no query and no fragment")
	case u.Scheme == "https" || u.Scheme == "http" && isThisMachine(u.Hostname()):
		return strings.TrimRight(u.String(), "/"), nil
	}
	return "", usagef("the server must be reached by https, or by http on this machine alone: %s is another", u.Hostname())
}

func isThisMachine(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
