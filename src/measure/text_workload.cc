// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/text_workload.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/file.h"

namespace tradewind {
namespace {

constexpr uint64_t kTextLimit = 64u << 20;
constexpr size_t kWindowBytes = 2048;
// Prompts of these many bytes are timed, about 10 to 1,200 tokens, each followed by some tokens.
constexpr std::array<size_t, 5> kPromptBytes = {48, 200, 800, 2400, 4800};
// Longer ones only up to an eighth of the text: they would be most of a short one, and of the time to measure it.
constexpr size_t kAnyway = 800, kPromptShare = 8;
constexpr int64_t kTimedTokens = 48;
// Part of the id: changes when the cutting does.
constexpr const char* kRule = "32 windows of 2048, prompts 48-4800 to an eighth, 48 tokens";

// Where a piece that begins at `begin` and has about `size` bytes ends: after the last line end in it, or before a character.
size_t CutAt(std::string_view text, size_t begin, size_t size) {
  if (text.size() - begin <= size) return text.size();
  const size_t newline = text.rfind('\n', begin + size - 1);
  if (newline != std::string_view::npos && newline >= begin + size / 2) return newline + 1;
  size_t end = begin + size;
  while (end > begin + 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

Sample RawSample(std::string id, std::string_view text, int64_t output_tokens) {
  Sample sample{.id = std::move(id), .prompt = {}, .output_tokens = output_tokens};
  sample.prompt.raw = std::string(text);
  sample.prompt.sampling.temperature = 0;
  return sample;
}

}  // namespace

Workload MakeTextWorkload(std::string_view text, std::string name) {
  Workload workload;
  workload.name = std::move(name);
  workload.primary_metric = "bits_per_byte";
  char id[32];
  std::snprintf(id, sizeof id, "text-%016llx",
                static_cast<unsigned long long>(
                    XXH3_64bits_withSeed(text.data(), text.size(), XXH3_64bits(kRule, std::char_traits<char>::length(kRule)))));
  workload.id = id;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = CutAt(text, begin, kWindowBytes);
    workload.quality.push_back(RawSample("window-" + std::to_string(workload.quality.size()), text.substr(begin, end - begin), 0));
    workload.quality.back().prompt.echo = true;
    begin = end;
  }
  // Two prompts of each length, from different places.
  for (int place = 0; place < 2; ++place) {
    for (const size_t bytes : kPromptBytes) {
      const bool fits = bytes <= kAnyway ? bytes <= text.size() : bytes <= text.size() / kPromptShare;
      if (!fits && bytes != kPromptBytes[0]) continue;
      const size_t begin = std::min(text.size() - std::min(text.size(), bytes), static_cast<size_t>(place) * text.size() / 3);
      const size_t end = CutAt(text, begin, bytes);
      workload.timing.push_back(
          RawSample("prompt-" + std::to_string(place) + "-" + std::to_string(bytes), text.substr(begin, end - begin), kTimedTokens));
    }
  }
  return workload;
}

Result<Workload> LoadWorkload(const std::string& spec) {
  constexpr std::string_view kPrefix = "text:";
  if (spec.rfind(kPrefix, 0) != 0) {
    return Fail(Status(StatusCode::kInvalidInput, "\"" + spec + "\" is not a workload; give text:FILE").At("--workload"));
  }
  const std::string path = spec.substr(kPrefix.size());
  TW_ASSIGN(const std::string text, ReadFile(path, kTextLimit));
  if (text.empty()) return Fail(Status(StatusCode::kInvalidInput, path + " is empty; a workload needs some text").At("--workload"));
  return MakeTextWorkload(text, spec);
}

std::string WholeText(const Workload& workload) {
  std::string text;
  for (const Sample& sample : workload.quality) text += *sample.prompt.raw;
  return text;
}

}  // namespace tradewind
