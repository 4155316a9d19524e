package events

import (
	"encoding/json"
	"reflect"

	"github.com/go-json-experiment/json/jsontext"
)

// threshold reads a Threshold. One documented table of the platform has the
// two fields of convNotTakenTime swapped: {"time": "minutes", "timeUnits": 30}
// is read as the thirty minutes that it means.
func (c *compiler) threshold() reader {
	type wire struct {
		Time      json.RawMessage `json:"time"`
		TimeUnits json.RawMessage `json:"timeUnits"`
	}
	read := c.structure(reflect.TypeFor[wire]())
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		var got wire
		if err := read(w, reflect.ValueOf(&got).Elem(), kind); err != nil {
			return err
		}
		names := [2]string{"time", "timeUnits"}
		time, units := jsontext.Value(got.Time), jsontext.Value(got.TimeUnits)
		if time.Kind() == '"' && units.Kind() == '0' {
			time, units = units, time
			names = [2]string{"timeUnits", "time"}
		}
		var of Threshold
		if time != nil {
			n := new(int64)
			if w.expect(names[0], "a whole number", '0', time, func() string {
				return setInt(reflect.ValueOf(n).Elem(), string(time))
			}) {
				of.Time = n
			}
		}
		if units != nil {
			w.expect(names[1], "text", '"', units, func() string {
				text, err := unquote(units)
				of.TimeUnits = string(text)
				if err != nil {
					return "is not valid UTF-8 text"
				}
				return ""
			})
		}
		v.Set(reflect.ValueOf(of))
		return nil
	}
}

// expect uses a value that was read raw, and notes what is wrong with it.
func (w *walk) expect(name, want string, kind jsontext.Kind, raw jsontext.Value, use func() string) bool {
	problem := ""
	if raw.Kind() == kind {
		problem = use()
	} else {
		problem = "must be " + want + ", not " + kindWord(raw.Kind())
	}
	if problem != "" {
		w.push(step{name: name})
		w.note(problem)
		w.pop()
	}
	return problem == ""
}

// headers reads the headers of an envelope: a list of pairs, or an object of
// texts as the schedules of the platform's second generation send it.
func (c *compiler) headers() reader {
	list := c.list(fieldType{Type: reflect.TypeFor[[]Header]()})
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		if kind != '{' {
			return list(w, v, kind)
		}
		if err := w.token(); err != nil {
			return err
		}
		var all headerList
		seen := map[string]bool{}
		for w.peek() != '}' {
			name, err := w.name()
			if err != nil {
				return err
			}
			all = append(all, Header{Key: string(name)})
			if seen[string(name)] {
				w.note("holds a key twice")
			}
			seen[string(name)] = true
			if err := w.read(readText, reflect.ValueOf(&all[len(all)-1].Value).Elem()); err != nil {
				return err
			}
		}
		v.Set(reflect.ValueOf(all))
		return w.token()
	}
}

// botMessage reads a bare text or an object.
func (c *compiler) botMessage() reader {
	object := c.structure(reflect.TypeFor[BotMessage]())
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		switch kind {
		case '"':
			return readText(w, v.FieldByName("Text"), kind)
		case '{':
			return object(w, v, kind)
		}
		return w.mismatch("text or an object", kind)
	}
}
