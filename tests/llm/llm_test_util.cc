// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/llm_test_util.h"

#include <fstream>

namespace tradewind {

std::vector<GoldenSequence> ReadGolden(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  char magic[4] = {};
  file.read(magic, 4);
  EXPECT_EQ(std::string(magic, 4), "TWGL");
  auto read = [&](auto& values) { file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * 4)); };
  std::vector<int32_t> head(2);
  read(head);
  std::vector<int32_t> lengths(static_cast<size_t>(head[1]));
  read(lengths);
  std::vector<GoldenSequence> sequences(lengths.size());
  for (size_t i = 0; i < lengths.size(); ++i) {
    sequences[i].ids.resize(static_cast<size_t>(lengths[i]));
    read(sequences[i].ids);
  }
  for (size_t i = 0; i < lengths.size(); ++i) {
    sequences[i].logprobs.resize(static_cast<size_t>(lengths[i]) - 1);
    read(sequences[i].logprobs);
  }
  EXPECT_TRUE(file) << path << " is cut short";
  return sequences;
}

std::unique_ptr<LanguageModelInstance> OpenModel(const std::string& path, const Setting& setting, const ModelOptions& options) {
  auto instance = LanguageModelInstance::Open(path, setting, {}, RealClock(), options);
  EXPECT_TRUE(instance) << instance.error().ToString();
  return instance ? std::move(*instance) : nullptr;
}

std::vector<float> ScoreIds(Instance& instance, const std::vector<int32_t>& ids, const Setting& request) {
  Setting none = request;
  none.Set("max_tokens", int64_t{0});
  auto session = instance.Start({.setting = none});
  EXPECT_TRUE(session) << session.error().ToString();
  Prompt prompt;
  prompt.ids = ids;
  prompt.echo = true;
  EXPECT_TRUE((*session)->Push({{}, prompt}));
  std::vector<float> logprobs;
  while (true) {
    auto event = (*session)->Next();
    EXPECT_TRUE(event) << event.error().ToString();
    const Token* token = event ? std::get_if<Token>(&event->body) : nullptr;
    if (token == nullptr) return logprobs;
    if (token->logprob) logprobs.push_back(*token->logprob);
  }
}

Setting SettingOf(std::initializer_list<std::pair<const char*, KnobValue>> values) {
  Setting setting;
  for (const auto& [name, value] : values) setting.Set(name, value);
  return setting;
}

Answered Drive(Session& session, const Prompt& prompt) {
  Answered answer;
  const auto pushed = session.Push({{}, prompt});
  EXPECT_TRUE(pushed) << pushed.error().ToString();
  while (pushed) {
    auto event = session.Next();
    EXPECT_TRUE(event) << event.error().ToString();
    if (!event) break;
    if (const End* end = std::get_if<End>(&event->body)) {
      answer.finish = end->reason;
      break;
    }
    answer.tokens.push_back(std::get<Token>(std::move(event->body)));
    const Token& token = answer.tokens.back();
    if (token.from_prompt) continue;
    answer.ids.push_back(token.id);
    answer.text += token.bytes;
  }
  return answer;
}

Prompt Greedy(const std::string& text) {
  Prompt prompt;
  prompt.raw = text;
  prompt.sampling.temperature = 0;
  return prompt;
}

std::vector<int32_t> Generate(Instance& instance, const Prompt& prompt, int64_t tokens) {
  auto session = instance.Start({.setting = SettingOf({{"max_tokens", tokens}})});
  EXPECT_TRUE(session) << session.error().ToString();
  return session ? Drive(**session, prompt).ids : std::vector<int32_t>{};
}

}  // namespace tradewind
