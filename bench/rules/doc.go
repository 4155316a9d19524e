// Command rules compares Afterword's rules engine with Go as one writes it by
// hand and with other rules engines.
//
//	go run ./rules                        # all cases: tables of ratios, and the goals
//	go run ./rules -only equality,single  # some of them
//	go run ./rules -quick -check single   # tiny; fails if a goal of these cases is missed
//	go run ./rules -plots DIR             # draws the time against the number of rules
//
// Before anything is timed, all engines must give the same answers. The README
// of the module tells what the numbers mean.
package main
