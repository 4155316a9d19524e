// Package salesforce runs queries in Salesforce: it connects with OAuth 2.0
// client credentials, and reads records with the REST API.
//
// # Usage
//
// Connect takes the My Domain address, the credentials of a connected app or
// an external client app, and an HTTP client. Let the client reach no more than
// it must:
//
//	conn, err := salesforce.Connect(ctx, salesforce.Config{
//		Client:       client,
//		URL:          "https://mine.my.salesforce.com",
//		ClientID:     id,
//		ClientSecret: secret, // func(context.Context) (string, error)
//	})
//
// Query runs a query in SOQL. Records are decoded from JSON into a type of the
// caller's, page by page as they are needed:
//
//	type Account struct {
//		ID   string `json:"Id"`
//		Name string
//	}
//
//	soql := "SELECT Id, Name FROM Account WHERE Name = " + salesforce.Quote(name)
//	for account, err := range salesforce.Query[Account](ctx, conn, soql) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// Never put a value into a query but through Quote or QuoteLike, and IDs no
// less: what a customer writes could become a part of the query. Fields of
// another record are objects within the record; each record has attributes,
// its type and address, which may be left out. Dates with a time are in
// TimeLayout, which time.Time does not decode: take a string.
//
// # Tokens
//
// A Conn holds an access token. When Salesforce does not take it any more
// (status 401), it gets another one and repeats the request, once. The client
// secret is asked for each time, so that a new one counts at once.
//
// # Safety
//
// The token goes to the instance that Salesforce names, if that has the host
// of Config.URL or one below salesforce.com, and nowhere else: redirects are not
// followed, and a next page must be a path of the instance. Connections are
// made with https; with http to this machine alone, for tests.
//
// # Limits
//
// A query has at most MaxQuery bytes as it stands in the address. An answer
// with a token has at most 64 KiB, a page of records 10 MiB. Config.MaxRecords
// and Config.MaxPages bound the records and pages of a query; a query that has
// more is an error, ErrTooMany, and not silently cut: write a LIMIT. Time is
// bounded by the context and by the client's Timeout.
//
// # Errors and privacy
//
// Errors of Connect and Query are an *Error, but for problems of a Config. Their
// text holds no secret and no token, nothing of a query and nothing of a
// record. Salesforce's own words are in Error.Message, which may quote the
// query: keep it out of logs that may not hold payloads.
//
// # Concurrency
//
// A Conn may be used by several goroutines at once. They share the token; if
// it expires, one of them gets the next.
//
// # Testing
//
// Point Config.URL at a server of net/http/httptest, which has to answer
// /services/oauth2/token and /services/data/v62.0/query.
package salesforce
