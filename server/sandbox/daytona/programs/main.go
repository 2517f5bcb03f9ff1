package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

type tolstoyJob struct {
	Context map[string]any   `json:"context"`
	Items   []map[string]any `json:"items"`
	Each    bool             `json:"each"`
}

type tolstoyUtils struct{}

// What a program tells whoever looks at its step.
var utils tolstoyUtils

// A record separator around the level tells what is said from what is printed.
func tolstoySay(kind string, level string, message string, data []any) map[string]any {
	said := map[string]any{"type": kind, "message": message, "data": nil, "timestamp": time.Now().UTC().Format("2006-01-02T15:04:05.000Z")}
	line := message
	if len(data) > 0 && data[0] != nil {
		said["data"] = data[0]
		text, _ := json.Marshal(data[0])
		line += " " + string(text)
	}
	mark := "\x1e" + level + "\x1e"
	fmt.Println(mark + strings.ReplaceAll(line, "\n", "\n"+mark))
	return said
}

func (tolstoyUtils) Log(message string, data ...any) map[string]any {
	return tolstoySay("log", "info", message, data)
}
func (tolstoyUtils) Warn(message string, data ...any) map[string]any {
	return tolstoySay("warn", "warn", message, data)
}
func (tolstoyUtils) Error(message string, data ...any) map[string]any {
	return tolstoySay("error", "error", message, data)
}

func tolstoyLeave(answer map[string]any) {
	text, err := json.Marshal(answer)
	if err != nil {
		text, _ = json.Marshal(map[string]any{"error": map[string]any{"message": "The result can't be turned into JSON: " + err.Error()}})
	}
	if os.WriteFile("answer.json", text, 0o600) != nil {
		os.Exit(3)
	}
	os.Exit(0)
}

func tolstoyFail(message string) {
	tolstoyLeave(map[string]any{"error": map[string]any{"message": message}})
}

func main() {
	defer func() {
		if reason := recover(); reason != nil {
			tolstoyFail(fmt.Sprint(reason))
		}
	}()
	var job tolstoyJob
	text, err := os.ReadFile("job.json")
	if err == nil {
		err = json.Unmarshal(text, &job)
	}
	if err != nil {
		tolstoyFail("The job can't be read: " + err.Error())
	}
	var value any
	if job.Each {
		results := []any{}
		for index, item := range job.Items {
			job.Context["item"] = item
			job.Context["itemIndex"] = index
			results = append(results, map[string]any{"value": tolstoyCall(job.Context), "missing": false})
		}
		value = results
	} else {
		value = tolstoyCall(job.Context)
	}
	result, err := json.Marshal(value)
	if err != nil {
		tolstoyFail("The result can't be turned into JSON: " + err.Error())
	}
	tolstoyLeave(map[string]any{"value": string(result)})
}
