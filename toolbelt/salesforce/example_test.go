package salesforce_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

// A function looks up the accounts that have the name a customer gave.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(demo)) // stands for Salesforce
	defer server.Close()

	ctx := context.Background()
	conn, err := salesforce.Connect(ctx, salesforce.Config{
		Client:       server.Client(), // better one that reaches Salesforce alone
		URL:          server.URL,      // https://mine.my.salesforce.com
		ClientID:     "3MVG9…",
		ClientSecret: func(context.Context) (string, error) { return "from the secret store", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	type Account struct {
		ID   string `json:"Id"`
		Name string
	}
	soql := "SELECT Id, Name FROM Account WHERE Name = " + salesforce.Quote("O'Brien")
	for account, err := range salesforce.Query[Account](ctx, conn, soql) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(account.ID, account.Name)
	}
	// Output:
	// SELECT Id, Name FROM Account WHERE Name = 'O\'Brien'
	// 001D0 O'Brien
}

func demo(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		fmt.Fprintf(w, `{"access_token":"00D!x","instance_url":"http://%s","token_type":"Bearer"}`, r.Host)
		return
	}
	fmt.Println(r.URL.Query().Get("q"))
	fmt.Fprint(w, `{"totalSize":1,"done":true,"records":[{"Id":"001D0","Name":"O'Brien"}]}`)
}
