// Package measure times contestants against each other.
//
// Times are those of processors, the collector's included: what else the
// machine does is not charged to who happened to run.
//
// In every round each contestant does its work once, in turn forwards and
// backwards, so that whatever the machine does besides meets all alike; a loop
// that only counts goes along and tells how busy the machine was. What counts
// is the median of the ratios within the rounds. A time alone says little.
package measure
