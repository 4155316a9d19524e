// Package secrets keeps what functions need and nobody should see: passwords,
// tokens, keys of other services. Functions read and update secrets by key;
// operators make and remove them.
//
// # Usage
//
// An operator has a Vault, which is a folder, or in memory for tests:
//
//	identity, err := secrets.ReadIdentity("/etc/afterword/identity.txt")
//	vault, err := secrets.Open("/var/lib/afterword/secrets", identity)
//	err = vault.Create(ctx, "smtp", secrets.String, password)
//
// A function gets a Client where it is made, with the keys that it may use:
//
//	care := newCare(vault.For("smtp"))
//
// and reads when it needs the secret, so that it has the one of today:
//
//	password, err := care.secrets.Read(ctx, "smtp")
//	login(user, password.Reveal())
//
// On the command line, "afterword secret" keeps the secrets of a folder.
//
// # Secrets
//
// A key has 1 to 100 letters, digits, _ and -. A value has at most 10,000
// characters in UTF-8 (platform documentation), and a vault at most 1,000
// secrets. A secret has a type, which says what its values must look like: any
// text, a number or JSON. It changes nothing in them: a value is read as it was
// written. No key is special here; the platform keeps those for itself that
// begin with LIVEPERSON_DEFAULT_.
//
// A change is seen by every Read that begins after it. Nothing is cached beside
// it. Of two changes of one secret the later one stays.
//
// # What is not shown
//
// A Value shows as [secret] wherever it is printed, logged or encoded; only
// Reveal has the text. No error has a value in it, and a Vault lists keys, types
// and times only. What a function does with the text is the function's affair.
// Values are in the memory of the process as long as the vault is open, and Go
// cannot wipe them after that.
//
// # On the disk
//
// The folder has one file, secrets.age: an age file (age-encryption.org/v1) that
// shows neither keys nor values, but about how much there is. It is decrypted in
// memory only, and written anew by each change, so that a vault is for secrets
// that people and functions change now and then. Each change is on the disk when
// its call returns, and all of it or none. Windows and Plan 9 have no sync of a
// folder, so that a power cut may undo a change there; they, Solaris, AIX and
// WebAssembly have no lock: keep to one process yourself.
//
// Identities are those of age: AGE-SECRET-KEY-1… and AGE-SECRET-KEY-PQ-1…, but
// no passphrases, no plugins, no SSH keys. A file with several of them is for
// changing the identity: the first one is for writing, and all are for reading.
// Put the new one on top, change a secret, and take the old one away. Who has
// lost the identity has lost the secrets; keep a copy of it elsewhere than a copy
// of the folder.
//
// A file that was damaged or that belongs to another identity is not opened, and
// stays as it is. Three things age does not tell: that the file is an older copy,
// that there was one, for a missing file is an empty vault; and who wrote it,
// which may be anybody who knows the public key. Who can write in the folder must
// be trusted that far.
//
// # Errors
//
// Errors name the key, but do not quote what is no key: it may be a value in the
// wrong place. ErrNotFound, ErrExists, ErrNotAllowed and ErrInvalid are to be
// asked for with errors.Is; os.ErrClosed is that of a closed vault.
//
// # Concurrency
//
// Vaults and clients may be used by several goroutines at once. Changes wait for
// each other and for the disk; reading waits for neither. A folder is open in one
// process at a time.
//
// # Testing
//
// A function is tested with a vault from New.
package secrets
