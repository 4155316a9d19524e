package faas

// A Plugin contributes functions: it is how a team ships its functions as a Go
// package. The host lists the plugins it wants in Config.Plugins, as values.
type Plugin interface {
	// Functions gives the plugin's functions in their order. New calls it once
	// and waits for it; the runtime keeps the functions and not the slice.
	Functions() []Function
}

// contributions asks a plugin for its functions. The plugin has a goroutine of
// its own, so that it cannot end that of the host by runtime.Goexit.
func contributions(p Plugin) (functions []Function, failure *crash) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		guard(&failure, func() { functions = p.Functions() })
	}()
	<-ended
	return functions, failure
}
