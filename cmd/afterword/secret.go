package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

// secretsIdentity is the variable that stands in for --identity.
const secretsIdentity = "AFTERWORD_SECRETS_IDENTITY"

// secretHelp says where secrets are.
const secretHelp = `The secrets are in DIR/secrets, encrypted, where DIR is --data. The identity file of
age that opens them is --identity, or $` + secretsIdentity + `; nobody but its owner may
be able to read it. While another process uses the secrets, they cannot be opened.`

func newSecret(c *cli) *cobra.Command {
	verb := &cobra.Command{
		Use:   "secret VERB",
		Short: "Keep secrets for functions",
		Long: `Secret makes, replaces, lists and removes the secrets that functions in Go read by
their keys, with package toolbelt/secrets. No verb prints the value of a secret, and
none takes it as an argument: others on the machine see the arguments of a process,
and a shell keeps them.

` + secretHelp,
		Example: `  afterword secret keygen identity.txt
  head -c 24 /dev/urandom | base64 | afterword secret set webhook --data data --identity identity.txt`,
		RunE: func(verb *cobra.Command, args []string) error {
			if len(args) == 0 {
				return verb.Help()
			}
			return unknownVerb(verb, args)
		},
	}
	verb.AddCommand(newSecretKeygen(c), newSecretList(c), newSecretSet(c), newSecretRemove(c))
	return verb
}

func newSecretKeygen(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:   "keygen FILE",
		Short: "Make an identity file",
		Long: `Keygen makes an identity file, which opens secrets, with mode 0600. It does not
replace a file. The file is as age-keygen makes it. Who has lost it has lost the
secrets: keep a copy of it, elsewhere than the copies of the secrets.`,
		Example: `  afterword secret keygen another.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usagef("give the name of the file to make")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := secrets.NewIdentity(args[0]); errors.Is(err, fs.ErrExist) {
				return errors.New(args[0] + ": is there already, and may be all that opens some secrets: give another name")
			} else if err != nil {
				return err
			}
			c.printf("%s: %s\n", c.paint(green, "made"), printable(args[0]))
			return nil
		},
	}
}

// A secretStore says where the secrets are.
type secretStore struct{ data, identity string }

func (s *secretStore) addFlags(verb *cobra.Command) {
	verb.Flags().StringVar(&s.data, "data", "", "the `folder` that has the secrets, in its folder secrets")
	verb.Flags().StringVar(&s.identity, "identity", "", "the identity `file` that opens the secrets")
}

// use opens the secrets for a verb. Only one that makes secrets makes folders.
func (s *secretStore) use(makes bool, do func(*secrets.Vault) error) (err error) {
	path := cmp.Or(s.identity, os.Getenv(secretsIdentity))
	var missing []error
	if s.data == "" {
		missing = append(missing, usagef("give the folder that has the secrets: --data DIR"))
	}
	if path == "" {
		missing = append(missing, usagef("give the identity file that opens them: --identity FILE, or $%s", secretsIdentity))
	}
	if len(missing) > 0 {
		return errors.Join(missing...)
	}
	identity, err := secrets.ReadIdentity(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: afterword secret keygen makes an identity file", err)
	}
	if err != nil {
		return err
	}
	v, err := s.open(identity, makes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	return do(v)
}

func (s *secretStore) open(identity secrets.Identity, makes bool) (*secrets.Vault, error) {
	if makes {
		if err := os.Mkdir(s.data, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, inFront(s.data+": ", reason(err))
		}
	}
	folder := filepath.Join(s.data, "secrets")
	_, err := os.Stat(folder)
	if !makes && errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(s.data + ": has no secrets yet: afterword secret set makes the first one")
	}
	return secrets.Open(folder, identity)
}

// oneKey wants the key of a secret, and nothing else; what is wanted besides is
// said, too.
func oneKey(also string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("give the key of one secret%s", also)
		}
		return nil
	}
}

func newSecretList(c *cli) *cobra.Command {
	var store secretStore
	verb := &cobra.Command{
		Use:   "list",
		Short: "List the keys of the secrets",
		Long: `List tells the key, the type and the last change of each secret, and never its value.

` + secretHelp + `

In JSON, the output is a list of {"key", "type", "updatedAt"}.`,
		Example: `  afterword secret list --data data --identity identity.txt`,
		Args:    noArguments,
	}
	store.addFlags(verb)
	out := addOutput(verb, asJSON)
	verb.RunE = func(*cobra.Command, []string) error {
		return store.use(false, func(v *secrets.Vault) error {
			all, err := v.List()
			if err != nil {
				return err
			}
			return c.listSecrets(out.form, all)
		})
	}
	return verb
}

func (c *cli) listSecrets(form string, all []secrets.Info) error {
	if form == asJSON {
		return c.printJSON(all)
	}
	return c.printTable(func(row func(cells ...any)) {
		row("KEY", "TYPE", "UPDATED")
		for _, s := range all {
			row(s.Key, s.Type, s.UpdatedAt.Format("2006-01-02T15:04:05Z07:00"))
		}
	})
}

func newSecretRemove(c *cli) *cobra.Command {
	var store secretStore
	verb := &cobra.Command{
		Use:   "remove KEY",
		Short: "Remove a secret",
		Long: `Remove removes a secret for good.

` + secretHelp,
		Example: `  afterword secret remove webhook --data data --identity identity.txt`,
		Args:    oneKey(""),
	}
	store.addFlags(verb)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		return store.use(false, func(v *secrets.Vault) error {
			if err := v.Delete(verb.Context(), args[0]); err != nil {
				return err
			}
			c.printf("%s: %s\n", c.paint(green, "removed"), args[0])
			return nil
		})
	}
	return verb
}

func newSecretSet(c *cli) *cobra.Command {
	var store secretStore
	var kind string
	verb := &cobra.Command{
		Use:   "set KEY",
		Short: "Make or replace a secret",
		Long: `Set reads the value of a secret from standard input, without the end of its last
line; on a terminal it asks for it, and does not show what is typed. A key has up to
100 letters, digits, _ and -, and a value up to 10,000 characters.

The type says what the value must look like, and changes nothing in it: string is any
text, number and json are as in JSON. Without --type, a secret keeps the type that it
has, and a new one is a string. A folder that is missing is made.

` + secretHelp,
		Example: `  head -c 24 /dev/urandom | base64 | afterword secret set webhook --data data --identity identity.txt`,
		Args:    oneKey(", and its value on standard input"),
	}
	store.addFlags(verb)
	verb.Flags().StringVar(&kind, "type", "", "the `type` of the secret: string, number, json")
	verb.RunE = func(verb *cobra.Command, args []string) error {
		switch secrets.Type(kind) {
		case "", secrets.String, secrets.Number, secrets.JSON:
		default:
			return usagef("--type: there are string, number and json, not %q", kind)
		}
		return store.use(true, func(v *secrets.Vault) error {
			value, err := c.secretValue(verb.Context(), args[0])
			if err != nil {
				return err
			}
			done, err := setSecret(verb.Context(), v, args[0], secrets.Type(kind), value)
			if err != nil {
				return err
			}
			c.printf("%s: %s\n", c.paint(green, done), args[0])
			return nil
		})
	}
	return verb
}

// setSecret makes or replaces a secret, and says which it was. Nobody else has
// the vault meanwhile.
func setSecret(ctx context.Context, v *secrets.Vault, key string, kind secrets.Type, value string) (done string, err error) {
	all, err := v.List()
	if err != nil {
		return "", err
	}
	for _, s := range all {
		if s.Key == key {
			return "replaced", v.Replace(ctx, key, cmp.Or(kind, s.Type), value)
		}
	}
	return "created", v.Create(ctx, key, cmp.Or(kind, secrets.String), value)
}
