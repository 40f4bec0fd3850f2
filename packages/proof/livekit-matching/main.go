// Command matching runs LiveKit's own matching of inbound SIP calls. It reads a JSON list of cases from standard input (trunks and
// rules as protobuf JSON) and writes what LiveKit does with each. Nothing here decides: the functions are LiveKit's.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/dennwc/iters"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/protocol/sip"
)

type testCase struct {
	Name   string            `json:"name"`
	From   string            `json:"from"`
	To     string            `json:"to"`
	Source string            `json:"source"`
	Host   string            `json:"host"`
	Pin    string            `json:"pin"`
	Trunks []json.RawMessage `json:"trunks"`
	Rules  []json.RawMessage `json:"rules"`
}

type verdict struct {
	Name    string `json:"name"`
	Outcome string `json:"outcome"`
	Trunk   string `json:"trunk"`
	Rule    string `json:"rule"`
	Room    string `json:"room"`
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := make([]verdict, 0, len(cases))
	for _, one := range cases {
		decided, err := decide(one)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", one.Name, err)
			os.Exit(1)
		}
		verdicts = append(verdicts, decided)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// decide goes the way of livekit-server's EvaluateSIPDispatchRules: what is listed for the number, the trunk, what is listed for
// the trunk, the rule, the room.
func decide(one testCase) (verdict, error) {
	result := verdict{Name: one.Name}
	var trunks []*livekit.SIPInboundTrunkInfo
	for _, raw := range one.Trunks {
		trunk := &livekit.SIPInboundTrunkInfo{}
		if err := protojson.Unmarshal(raw, trunk); err != nil {
			return result, err
		}
		trunks = append(trunks, trunk)
	}
	var rules []*livekit.SIPDispatchRuleInfo
	for _, raw := range one.Rules {
		rule := &livekit.SIPDispatchRuleInfo{}
		if err := protojson.Unmarshal(raw, rule); err != nil {
			return result, err
		}
		rules = append(rules, rule)
	}
	request := &rpc.EvaluateSIPDispatchRulesRequest{
		CallingNumber: one.From,
		CallingHost:   one.Host,
		CalledNumber:  one.To,
		SrcAddress:    one.Source,
		Pin:           one.Pin,
	}
	call := request.SIPCall()
	listed := (&livekit.ListSIPInboundTrunkRequest{Numbers: []string{call.To.User}}).FilterSlice(trunks)
	trunk, err := sip.MatchTrunkIter(iters.Slice(listed), call)
	if err != nil {
		result.Outcome = "trunk-conflict"
		return result, nil
	}
	filter := &livekit.ListSIPDispatchRuleRequest{}
	if trunk != nil {
		result.Trunk = trunk.SipTrunkId
		filter.TrunkIds = []string{trunk.SipTrunkId}
	}
	rule, err := sip.MatchDispatchRuleIter(trunk, iters.Slice(filter.FilterSlice(rules)), request)
	if err != nil {
		result.Outcome = "rule-conflict"
		var none *sip.ErrNoDispatchMatched
		if errors.As(err, &none) {
			result.Outcome = "no-rule"
		}
		return result, nil
	}
	result.Rule = rule.SipDispatchRuleId
	answer, err := sip.EvaluateDispatchRule("", trunk, rule, request)
	if err != nil {
		return result, err
	}
	if answer.Result == rpc.SIPDispatchResult_REQUEST_PIN {
		result.Outcome = "pin-asked"
		return result, nil
	}
	result.Outcome = "dispatched"
	result.Room = answer.RoomName
	return result, nil
}
