package gateway

import (
	"net/http"
	"slices"
	"time"

	"github.com/afterword-go/afterword/faas"
)

// The states of invocations. There are none here that end in the last one, for
// which the clients have two spellings.
const (
	stateSucceeded = "SUCCEEDED"
	stateCoding    = "CODING_FAILURE"
	statePlatform  = "PLATFORM_FAILURE"
	stateTimeout   = "TIMEOUT"
	stateUnknown   = "UNKNOWN"
	stateUnknownV1 = "UNKOWN"
)

// statistics are the invocations of a function over time.
type statistics struct {
	Statistics []map[string]int64 `json:"invocationStatistics"`
}

// reportInvocations counts the invocations of a function, in buckets of time.
// Those without invocations are left out.
func (h *Handler) reportInvocations(req *request) (answer, error) {
	from, to, err := req.span()
	if err != nil {
		return answer{}, err
	}
	width, err := req.bucketSize()
	if err != nil {
		return answer{}, err
	}
	buckets, err := h.rt.Stats(req.PathValue("uuid"), from, to, width)
	if err != nil {
		return answer{}, err
	}
	body := statistics{Statistics: make([]map[string]int64, len(buckets))}
	for i, b := range buckets {
		body.Statistics[i] = req.bucket(b, width)
	}
	return asJSON(http.StatusOK, body)
}

// bucketSize is how much time a bucket has: the sizes that the clients ask for.
func (r *request) bucketSize() (time.Duration, error) {
	switch r.query.Get("bucketSize") {
	case "300":
		return 5 * time.Minute, nil
	case "", "3600":
		return time.Hour, nil
	case "86400":
		return 24 * time.Hour, nil
	}
	return 0, refuse(faas.CodeBadInput, "bucketSize must be 300, 3600 or 86400 seconds")
}

// bucket is one with the states that the request asks for.
func (r *request) bucket(b faas.Bucket, width time.Duration) map[string]int64 {
	unknown := stateUnknown
	if r.generation == first {
		unknown = stateUnknownV1
	}
	states := map[string]int64{
		stateSucceeded: int64(b.Succeeded), stateCoding: int64(b.CodingFailure), statePlatform: int64(b.PlatformFailure),
		stateTimeout: int64(b.Timeout), unknown: 0,
	}
	out := map[string]int64{"from": b.Start.UnixMilli(), "to": b.Start.Add(width).UnixMilli()}
	wanted := r.query["invocationStates"]
	for state, n := range states {
		if len(wanted) == 0 || slices.Contains(wanted, state) {
			out[state] = n
		}
	}
	return out
}

// limitCounts are limits of accounts (platform documentation). Nothing here
// enforces them.
type limitCounts struct {
	TotalLambdas    int `json:"limitTotalLambdas"`
	DeployedLambdas int `json:"limitDeployedLambdas"`
	PerMonth        int `json:"invocationLimitPerMonth"`
}

func (h *Handler) reportLimits(*request) (answer, error) {
	return asJSON(http.StatusOK, limitCounts{TotalLambdas: 50, DeployedLambdas: 50, PerMonth: 150_000})
}

type lambdaCounts struct {
	Total    int `json:"total"`
	Deployed int `json:"deployed"`
}

func (h *Handler) reportLambdas(*request) (answer, error) {
	total, deployed := h.counts()
	return asJSON(http.StatusOK, lambdaCounts{total, deployed})
}

// The counts of invocations: of all functions, or of each.
type (
	countsV1 struct {
		Successful   int `json:"successfulInvocations"`
		Unsuccessful int `json:"unsuccessfulInvocations"`
	}
	countsV2 struct {
		UUID       string `json:"uuid"`
		Successful int    `json:"successfulInvocations"`
		Failed     int    `json:"failedInvocations"`
	}
)

// reportCounts counts the invocations of all functions.
func (h *Handler) reportCounts(req *request) (answer, error) {
	from, to, err := req.span()
	if err != nil {
		return answer{}, err
	}
	each, all := []countsV2{}, countsV1{}
	for _, r := range h.rt.Functions(faas.Filter{}) {
		buckets, err := h.rt.Stats(r.ID, from, to, 24*time.Hour)
		if err != nil {
			continue // deleted meanwhile
		}
		count := countsV2{UUID: r.ID}
		for _, b := range buckets {
			count.Successful += b.Succeeded
			count.Failed += b.CodingFailure + b.PlatformFailure + b.Timeout
		}
		each = append(each, count)
		all.Successful += count.Successful
		all.Unsuccessful += count.Failed
	}
	if req.generation == first {
		return asJSON(http.StatusOK, all)
	}
	return asJSON(http.StatusOK, each)
}
