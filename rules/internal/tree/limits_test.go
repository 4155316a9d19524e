package tree

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLimitsOfTags wants of every tag the limits that surely hold.
func TestLimitsOfTags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value any
		tag   string
		want  string
	}{
		{new(int), "omitempty,min=1,max=5", "1 to 5"},
		{0, "omitempty,min=1,max=5", "0 or 1 to 5"},
		{0, "min=1,gte=3", "at least 3"},
		{0, "gt=1,lt=5", "more than 1 and less than 5"},
		{0.5, "gte=0,lt=1", "at least 0 and less than 1"},
		{"", "oneof=a b", "one of a, b"},
		{"", "oneof='a b' c", ""},
		{0, "min=1|max=-1", ""},
		{0, "required", ""},
		{0, "min=x", ""},
		{[]int{}, "max=3,dive,min=4", "at most 3"},
		{[]int{}, "dive,min=4", ""},
		{uint8(0), "", "0 to 255"},
		{int8(0), "min=0", "0 to 127"},
		{uint(0), "", "at least 0"},
		{0, "", ""},
	} {
		l := limitsOf(test.tag, reflect.TypeOf(test.value))
		got := ""
		if l != nil {
			got = l.String()
		}
		assert.Equal(t, test.want, got, "%T %s", test.value, test.tag)
	}
}
