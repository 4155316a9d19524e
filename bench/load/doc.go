// Command load measures what the HTTP gateway costs beside a handler without
// the library, and whether it holds up under a long load.
//
//	go run ./load                 # requests per second and latencies, side by side
//	go run ./load -min-ratio 0.7  # the same; fails below 0.7 of the bare throughput
//	go run ./load -soak 60s       # full load for so long; fails if anything piles up
//
// Servers and clients run in this one process and speak over the loopback. The
// README of the module tells what the numbers mean.
package main
