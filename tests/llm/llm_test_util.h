// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of language models share: files, instances, scoring given ids.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "llm/language_model.h"
#include "shared_data.h"

namespace tradewind {

// One golden file: sequences of ids with log p of each id but the first (tests/llm/golden/README.md has the format).
struct GoldenSequence {
  std::vector<int32_t> ids;
  std::vector<float> logprobs;  // one less than ids
};
std::vector<GoldenSequence> ReadGolden(const std::string& path);

// Opens a file or fails the test.
std::unique_ptr<LanguageModelInstance> OpenModel(const std::string& path, const Setting& setting = {}, const ModelOptions& options = {});

// log p of each id but the first, through a session that echoes.
std::vector<float> ScoreIds(Instance& instance, const std::vector<int32_t>& ids, const Setting& request = {});

// A setting of these values.
Setting SettingOf(std::initializer_list<std::pair<const char*, KnobValue>> values);

// One whole answer.
struct Answered {
  std::vector<Token> tokens;  // echoed ones too
  std::vector<int32_t> ids;   // generated
  std::string text;           // of the generated ones
  FinishReason finish = FinishReason::kError;
};
Answered Drive(Session& session, const Prompt& prompt);
// A greedy prompt of raw text.
Prompt Greedy(const std::string& text);

// The generated ids of a raw prompt.
std::vector<int32_t> Generate(Instance& instance, const Prompt& prompt, int64_t tokens);

}  // namespace tradewind
