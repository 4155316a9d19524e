package nearest_test

import (
	"fmt"
	"slices"

	"github.com/afterword-go/afterword/internal/nearest"
)

func ExampleTo() {
	fields := []string{"csatRank", "skillName", "agentName"}
	fmt.Println(nearest.To("skilname", slices.Values(fields)))
	fmt.Println(nearest.To("weather", slices.Values(fields)))
	// Output:
	// skillName true
	//  false
}
