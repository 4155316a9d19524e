package secrets_test

import (
	"context"
	"fmt"

	"github.com/afterword-go/afterword/toolbelt/secrets"
)

// A mailer is a function with a password.
type mailer struct{ secrets secrets.Client }

func (m mailer) send(ctx context.Context) error {
	password, err := m.secrets.Read(ctx, "smtp")
	if err != nil {
		return err
	}
	fmt.Println("log in with", password) // as a log would have it
	fmt.Println("the server gets", password.Reveal())
	return nil
}

func Example() {
	ctx := context.Background()
	vault := secrets.New()
	defer vault.Close()
	if err := vault.Create(ctx, "smtp", secrets.String, "correct horse"); err != nil {
		fmt.Println(err)
		return
	}
	m := mailer{vault.For("smtp")}
	if err := m.send(ctx); err != nil {
		fmt.Println(err)
	}
	fmt.Println(m.secrets.Update(ctx, "salesforce", "…"))
	// Output:
	// log in with [secret]
	// the server gets correct horse
	// secret "salesforce": not a secret that this function may use
}
