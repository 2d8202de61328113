// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Log-probabilities of given token ids by Tradewind, in the format and with the meaning of bench/peers/logprobs.cc, which is llama.cpp's.
//   logprobs_bench MODEL.gguf IN.bin OUT.bin [KNOB=VALUE ...]
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "llm/language_model.h"

namespace tradewind {
namespace {

Result<std::vector<std::vector<int32_t>>> ReadSequences(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<int32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), words.size() * 4);
  const size_t count = words.size() > 2 ? static_cast<size_t>(words[2]) : 0;
  std::vector<std::vector<int32_t>> sequences;
  size_t at = 3 + count;
  for (size_t i = 0; i < count && 3 + i < words.size(); ++i) {
    const auto length = static_cast<size_t>(words[3 + i]);
    if (at + length > words.size()) return Fail(StatusCode::kInvalidInput, path + " ends within its ids");
    sequences.emplace_back(words.begin() + static_cast<std::ptrdiff_t>(at), words.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
  }
  if (!bytes.starts_with("TWGL") || sequences.empty()) return Fail(StatusCode::kInvalidInput, path + " holds no sequences of ids");
  return sequences;
}

Result<std::vector<float>> Score(Instance& instance, const std::vector<int32_t>& ids) {
  Setting none;
  none.Set("max_tokens", int64_t{0});
  TW_ASSIGN(const auto session, instance.Start({.setting = none}));
  Prompt prompt;
  prompt.ids = ids;
  prompt.echo = true;
  TW_RETURN_IF_ERROR(session->Push({{}, prompt}));
  std::vector<float> logprobs;
  while (true) {
    TW_ASSIGN(const auto event, session->Next());
    const Token* token = std::get_if<Token>(&event.body);
    if (token == nullptr) return logprobs;
    if (token->logprob) logprobs.push_back(*token->logprob);
  }
}

Result<void> Main(const std::string& model, const std::string& in, const std::string& out, const std::string& knobs) {
  TW_ASSIGN(const auto sequences, ReadSequences(in));
  TW_ASSIGN(const Setting setting, Setting::Parse(knobs, DescribeLlmKnobs()));
  TW_ASSIGN(const auto instance, LanguageModelInstance::Open(model, setting, {}, RealClock()));
  std::ofstream file(out, std::ios::binary);
  const auto write = [&](const auto& value) { file.write(reinterpret_cast<const char*>(&value), sizeof value); };
  file << "TWGL";
  write(int32_t{1});
  write(static_cast<int32_t>(sequences.size()));
  for (const auto& ids : sequences) write(static_cast<int32_t>(ids.size()));
  for (const auto& ids : sequences) {
    for (const int32_t id : ids) write(id);
  }
  for (const auto& ids : sequences) {
    TW_ASSIGN(const std::vector<float> logprobs, Score(*instance, ids));
    for (const float value : logprobs) write(value);
  }
  if (!file.flush()) return Fail(StatusCode::kIo, "cannot write " + out);
  return {};
}

}  // namespace
}  // namespace tradewind

int main(int argc, char** argv) {
  if (argc < 4) return std::fprintf(stderr, "usage: logprobs_bench MODEL.gguf IN.bin OUT.bin [KNOB=VALUE ...]\n"), 2;
  std::string knobs;
  for (int i = 4; i < argc; ++i) knobs += (knobs.empty() ? "" : " ") + std::string(argv[i]);
  const auto done = tradewind::Main(argv[1], argv[2], argv[3], knobs);
  if (!done) std::fprintf(stderr, "logprobs_bench: %s\n", done.error().ToString().c_str());
  return done ? 0 : 1;
}
