package yamlfile

// Data is the text of the file without its byte order mark, nil when it could
// not be read. It must not be changed.
func (f *File) Data() []byte {
	if f.text == nil {
		return nil
	}
	return f.text.data
}

// Offset is where in [File.Data] the rune at a position begins, and whether it
// is a position of the file; the one just behind the last rune is.
func (f *File) Offset(p Position) (int, bool) {
	if f.text == nil {
		return 0, false
	}
	return f.text.offset(p)
}
