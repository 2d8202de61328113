// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What a grammar costs a token with a model's vocabulary: masks along a JSON text cut into the model's tokens, when the text is new to the
// mask and when it was seen before.
//   grammar_bench MODEL.gguf
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "formats/gguf.h"
#include "llm/constraint.h"
#include "text/json_schema.h"

namespace tradewind {
namespace {

double Milliseconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since).count();
}

void PrintTimes(const char* what, std::vector<double> times) {
  if (times.empty()) return;
  std::sort(times.begin(), times.end());
  double sum = 0;
  for (const double t : times) sum += t;
  const auto quantile = [&](double q) { return times[static_cast<size_t>(q * static_cast<double>(times.size() - 1))]; };
  std::printf("%-34s %4zu tokens: mean %.3f ms, median %.3f, 95%% %.3f, greatest %.3f\n", what, times.size(),
              sum / static_cast<double>(times.size()), quantile(0.5), quantile(0.95), times.back());
}

std::string SampleJson(size_t items) {
  std::string text = "[";
  for (size_t i = 0; i < items; ++i) {
    if (i > 0) text += ", ";
    text += "{\"name\": \"Item number " + std::to_string(i * 37) + "\", \"price\": " + std::to_string(i * 13 % 101) +
            ".5, \"tags\": [\"new\", \"caf\xC3\xA9\", null], \"inner\": {\"ok\": true, \"list\": [[1, 2], [3]]}}";
  }
  return text + "]";
}

Result<void> TimeAlong(const char* what, const std::string& gbnf, const std::string& text, const Tokenizer& tokenizer,
                       const std::shared_ptr<const TokenTrie>& trie) {
  TW_ASSIGN(const std::vector<int32_t> ids, tokenizer.Encode(text, SpecialTokens::kAsText));
  TW_ASSIGN(auto constraint, GrammarConstraint::Make(gbnf, tokenizer, trie));
  std::vector<double> times;
  for (const int32_t id : ids) {
    const auto start = std::chrono::steady_clock::now();
    TW_ASSIGN(const TokenSet* allowed, constraint->Allowed());
    const bool has = allowed->Has(id);
    TW_RETURN_IF_ERROR(constraint->Accept(id));
    times.push_back(Milliseconds(start));
    if (!has) return Fail(StatusCode::kInternal, "the mask lacks a token of the text");
  }
  PrintTimes(what, times);
  return {};
}

Result<void> GrammarBench(const char* model) {
  TW_ASSIGN(const Gguf file, Gguf::Open(model));
  TW_ASSIGN(const auto tokenizer, MakeTokenizer(file.metadata()));
  const auto start = std::chrono::steady_clock::now();
  const auto trie = MakeTokenTrie(*tokenizer);
  std::printf("%d tokens, trie of %zu nodes made in %.1f ms\n", tokenizer->vocab_size(), trie->nodes().size(), Milliseconds(start));
  TW_ASSIGN(const std::string any, JsonSchemaGrammar("{}"));
  TW_RETURN_IF_ERROR(TimeAlong("any JSON", any, SampleJson(12), *tokenizer, trie));
  TW_ASSIGN(const std::string bounded, JsonSchemaGrammar(R"({"type": "string", "maxLength": 2000})"));
  TW_RETURN_IF_ERROR(TimeAlong("a string of a maximal length", bounded, "\"" + std::string(300, 'x') + " and so on\"", *tokenizer, trie));
  TW_ASSIGN(const std::string record, JsonSchemaGrammar(R"({"type": "array", "items": {"type": "object", "properties": {
      "id": {"type": "integer", "minimum": 0, "maximum": 99999}, "kind": {"enum": ["red", "green", "blue"]}, "on": {"type": "boolean"}},
      "required": ["id", "kind", "on"]}})"));
  std::string records = "[";
  for (int i = 0; i < 20; ++i)
    records += (i == 0 ? "" : ", ") + std::string("{\"id\": ") + std::to_string(i * 431) + ", \"kind\": \"green\", \"on\": true}";
  return TimeAlong("records without free text", record, records + "]", *tokenizer, trie);
}

}  // namespace
}  // namespace tradewind

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: grammar_bench MODEL.gguf\n");
    return 2;
  }
  const auto done = tradewind::GrammarBench(argv[1]);
  if (!done) std::fprintf(stderr, "%s\n", done.error().ToString().c_str());
  return done ? 0 : 1;
}
