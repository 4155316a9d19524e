package eval

import "slices"

// Directs are the direct forms of many conditions, side by side in memory. Some
// of the conditions have none.
type Directs struct {
	tests []test
	ends  []uint32 // where the tests of each end
}

// Append adds the next condition. Direct is nil if it has no direct form.
func (d *Directs) Append(direct Direct) {
	d.tests = append(d.tests, direct...)
	d.ends = append(d.ends, uint32(len(d.tests)))
}

// Clip gives back what memory is left over, and lays side by side what is asked
// for one after the other.
func (d *Directs) Clip() {
	d.tests, d.ends = slices.Clone(d.tests), slices.Clone(d.ends)
	mores, terms := 0, 0
	for i := range d.tests {
		if m := d.tests[i].more; m != nil {
			mores, terms = mores+1, terms+len(m.terms)
		}
	}
	side, summed := make([]more, 0, mores), make([]term, 0, terms)
	for i := range d.tests {
		t := &d.tests[i]
		if t.more == nil {
			continue
		}
		from := len(summed)
		summed = append(summed, t.more.terms...)
		side = append(side, *t.more)
		t.more = &side[len(side)-1]
		t.more.terms = summed[from:len(summed):len(summed)]
	}
}

// At is the direct form of condition i, or nil.
func (d *Directs) At(i int) Direct {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	if from == d.ends[i] {
		return nil
	}
	return d.tests[from:d.ends[i]]
}

// Decide decides condition i. It is unsure of one without a direct form.
func (d *Directs) Decide(in Pointer, i int) Verdict {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	tests := Direct(d.tests[from:d.ends[i]])
	if len(tests) == 0 {
		return Unsure
	}
	return tests.Holds(in)
}

// Next decides the conditions from i on, up to and including last, until one
// does not fail: that one and its verdict. Otherwise it is the last.
func (d *Directs) Next(in Pointer, i, last int) (int, Verdict) {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	for ; ; i++ {
		end := d.ends[i]
		tests := Direct(d.tests[from:end])
		if len(tests) == 0 {
			return i, Unsure
		}
		if verdict := tests.Holds(in); verdict != Fails || i >= last {
			return i, verdict
		}
		from = end
	}
}
