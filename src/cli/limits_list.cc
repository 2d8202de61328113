// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/limits_list.h"

#include "net/http_limits.h"
#include "sched/admission.h"
#include "serve/api/limits.h"
#include "serve/serve_app.h"
#include "text/chat_template.h"
#include "text/grammar.h"
#include "text/json_schema.h"

namespace tradewind {
namespace {

template <typename T>
double Value(const T& value) {
  return static_cast<double>(value);
}

void AddHttp(std::vector<ListedLimit>& out) {
  const HttpLimits l;
  const auto add = [&](const char* name, double value, const char* unit) { out.push_back({"http", name, value, unit}); };
  add("header_bytes", Value(l.header_bytes), "bytes");
  add("headers", Value(l.headers), "");
  add("target_bytes", Value(l.target_bytes), "bytes");
  add("chunk_extension_bytes", Value(l.chunk_extension_bytes), "bytes");
  add("body_bytes", Value(l.body_bytes), "bytes");
  add("pipelined_bytes", Value(l.pipelined_bytes), "bytes");
  add("connections", Value(l.connections), "");
  add("connections_per_address", Value(l.connections_per_address), "0: no limit of its own");
  add("requests_per_connection", Value(l.requests_per_connection), "");
  add("response_buffer_bytes", Value(l.response_buffer_bytes), "bytes");
  add("held_bytes", Value(l.held_bytes), "bytes");
  add("header_time", l.header_time.seconds(), "s");
  add("body_time", l.body_time.seconds(), "s");
  add("idle_time", l.idle_time.seconds(), "s");
  add("write_time", l.write_time.seconds(), "s");
  add("linger_time", l.linger_time.seconds(), "s");
}

void AddRequest(std::vector<ListedLimit>& out) {
  const ApiLimits l;
  const auto add = [&](const char* name, double value, const char* unit) { out.push_back({"request", name, value, unit}); };
  add("json_bytes", Value(l.json.bytes), "bytes");
  add("json_nesting", Value(l.json.nesting), "");
  add("json_values", Value(l.json.values), "");
  add("answers", Value(l.answers), "of each prompt");
  add("all_answers", Value(l.all_answers), "");
  add("messages", Value(l.messages), "");
  add("content_parts", Value(l.content_parts), "of a message");
  add("tools", Value(l.tools), "");
  add("stops", Value(l.stops), "");
  add("stop_bytes", Value(l.stop_bytes), "bytes");
  add("top_logprobs", Value(l.top_logprobs), "");
  add("logit_biases", Value(l.logit_biases), "");
  add("inputs", Value(l.inputs), "");
  add("documents", Value(l.documents), "");
}

void AddLanguages(std::vector<ListedLimit>& out) {
  const JsonSchemaLimits schema;
  out.push_back({"json_schema", "bytes", Value(schema.bytes), "bytes"});
  out.push_back({"json_schema", "nesting", Value(schema.nesting), ""});
  out.push_back({"json_schema", "values", Value(schema.values), ""});
  const GrammarLimits grammar;
  out.push_back({"grammar", "source_bytes", Value(grammar.source_bytes), "bytes"});
  out.push_back({"grammar", "rules", Value(grammar.rules), ""});
  out.push_back({"grammar", "nesting", Value(grammar.nesting), ""});
  out.push_back({"grammar", "depth", Value(grammar.depth), "rules within rules"});
  out.push_back({"grammar", "steps", Value(grammar.steps), "of one token"});
  const TemplateLimits tmpl;
  out.push_back({"template", "steps", Value(tmpl.steps), ""});
  out.push_back({"template", "depth", Value(tmpl.depth), ""});
  out.push_back({"template", "output_bytes", Value(tmpl.output_bytes), "bytes"});
  out.push_back({"template", "memory_bytes", Value(tmpl.memory_bytes), "bytes"});
}

void AddServer(std::vector<ListedLimit>& out) {
  const AdmissionOptions a;
  out.push_back({"admission", "queued", Value(a.queued), "requests of a model"});
  out.push_back({"admission", "queued_tokens", Value(a.queued_tokens), "tokens"});
  out.push_back({"admission", "tenant_queued", Value(a.tenant_queued), "requests of a key"});
  out.push_back({"admission", "tenant_queued_tokens", Value(a.tenant_queued_tokens), "tokens"});
  out.push_back({"admission", "tenant_requests_a_minute", a.tenant_requests_a_minute, ""});
  out.push_back({"admission", "tenant_tokens_a_minute", a.tenant_tokens_a_minute, ""});
  const ServeLimits s;
  out.push_back({"server", "queued_requests", Value(s.queued_requests), ""});
  out.push_back({"server", "work_queue", Value(s.work_queue), "bodies to be parsed"});
  out.push_back({"server", "queued_bytes", Value(s.queued_bytes), "bytes"});
  out.push_back({"server", "blocking_queue", Value(s.blocking_queue), "requests for vectors"});
  const RackOptions r;
  out.push_back({"server", "running", Value(r.running), "answers of a model at once"});
  out.push_back({"server", "step_tokens", Value(r.step_tokens), "tokens of a pass"});
  out.push_back({"server", "models", Value(r.models), ""});
}

}  // namespace

std::vector<ListedLimit> DefaultLimits() {
  std::vector<ListedLimit> out;
  AddHttp(out);
  AddRequest(out);
  AddLanguages(out);
  AddServer(out);
  return out;
}

}  // namespace tradewind
