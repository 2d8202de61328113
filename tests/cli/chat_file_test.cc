// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "cli/cli_test_util.h"
#include "llm/options.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

SavedChat Sample() {
  SavedChat chat;
  chat.set.Set("model", std::string("some-model"));
  chat.set.Set("threads", int64_t{2});
  chat.setting.Set("layers", int64_t{5});
  chat.budget.ttft = Duration::Millis(200.5);
  chat.budget.memory_bytes = 1u << 30;
  chat.budget.quality = 0.95;
  chat.system = "Be \"brief\".\n";
  chat.messages = {{"user", "Hello \u20ac"}, {"assistant", "Hi\x1b[2J"}, {"user", ""}, {"assistant", " "}};
  return chat;
}

class ChatFileTest : public CliTest {
 protected:
  const std::vector<Knob> knobs_ = DescribeLlmKnobs();
};

TEST_F(ChatFileTest, WhatIsSavedIsLoaded) {
  const SavedChat chat = Sample();
  ASSERT_TRUE(SaveChat(Path("chat.json"), chat));
  const auto loaded = LoadChat(Path("chat.json"), knobs_);
  ASSERT_TRUE(loaded) << loaded.error().ToString();
  EXPECT_EQ(loaded->set, chat.set);
  EXPECT_EQ(loaded->budget.ToText(), chat.budget.ToText());
  EXPECT_EQ(loaded->budget.ttft->ns, chat.budget.ttft->ns);
  EXPECT_EQ(loaded->system, chat.system);
  ASSERT_EQ(loaded->messages.size(), chat.messages.size());
  for (size_t i = 0; i < chat.messages.size(); ++i) {
    EXPECT_EQ(loaded->messages[i].role, chat.messages[i].role);
    EXPECT_EQ(loaded->messages[i].content, chat.messages[i].content);
  }
  const auto json = nlohmann::json::parse(Contents(Path("chat.json")));
  EXPECT_EQ(json["model"], "some-model");
  EXPECT_EQ(json["set"], nlohmann::json({{"threads", 2}}));
  EXPECT_EQ(json["setting"]["layers"], 5);
  EXPECT_EQ(json["messages"][0]["role"], "system");
}

TEST_F(ChatFileTest, TimesDoNotShrinkByBeingSaved) {
  for (int64_t ns = 5'399'990; ns < 5'400'010; ++ns) {
    SavedChat chat;
    chat.set.Set("model", "m");
    chat.budget.tpot = Duration{ns};
    const auto again = ParseSavedChat(ToText(chat), knobs_);
    ASSERT_TRUE(again) << again.error().ToString();
    EXPECT_EQ(again->budget.tpot->ns, ns);
  }
}

TEST_F(ChatFileTest, BrokenTextIsSavedWithAMark) {
  SavedChat chat = Sample();
  chat.messages[1].content = "cut \xe2\x82";
  ASSERT_TRUE(SaveChat(Path("chat.json"), chat));
  EXPECT_EQ(LoadChat(Path("chat.json"), knobs_)->messages[1].content, "cut \xef\xbf\xbd");
}

TEST_F(ChatFileTest, AFileOfAnotherKindIsNotReplaced) {
  for (const std::string text : {"my notes\n", "{\"format\": \"something else\"}", "[1, 2]", ""}) {
    const std::string path = Write("mine", text);
    const auto saved = SaveChat(path, Sample());
    ASSERT_FALSE(saved) << text;
    EXPECT_EQ(saved.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(saved.error().message(), HasSubstr(path));
    EXPECT_EQ(Contents(path), text);
  }
  EXPECT_FALSE(SaveChat(Path("."), Sample()));
  ASSERT_EQ(mkfifo(Path("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(SaveChat(Path("fifo"), Sample()));
  EXPECT_FALSE(LoadChat(Path("fifo"), knobs_)) << "and it does not wait for a writer";
  EXPECT_FALSE(SaveChat(Path("no/such/folder"), Sample()));
  // Another conversation is replaced, whole.
  ASSERT_TRUE(SaveChat(Path("chat.json"), Sample()));
  SavedChat shorter = Sample();
  shorter.messages.clear();
  ASSERT_TRUE(SaveChat(Path("chat.json"), shorter));
  EXPECT_TRUE(LoadChat(Path("chat.json"), knobs_)->messages.empty());
}

TEST_F(ChatFileTest, FieldsOfALaterVersionArePassedOver) {
  auto json = nlohmann::json::parse(ToText(Sample()));
  json["mood"] = "sunny";
  json["messages"][1]["time"] = 17;
  EXPECT_TRUE(ParseSavedChat(json.dump(), knobs_));
}

// One lie a file: each is told by the name of its field.
struct Lie {
  const char* field;
  std::function<void(nlohmann::json&)> tell;
};

TEST_F(ChatFileTest, EveryErrorNamesItsField) {
  using J = nlohmann::json;
  const std::vector<Lie> lies = {
      {"format", [](J& j) { j.erase("format"); }},
      {"format", [](J& j) { j["format"] = "tradewind"; }},
      {"format", [](J& j) { j["format"] = 1; }},
      {"version", [](J& j) { j.erase("version"); }},
      {"version", [](J& j) { j["version"] = "1"; }},
      {"version", [](J& j) { j["version"] = 2; }},
      {"model", [](J& j) { j.erase("model"); }},
      {"model", [](J& j) { j["model"] = 3; }},
      {"model", [](J& j) { j["model"] = ""; }},
      {"set", [](J& j) { j["set"] = "threads=2"; }},
      {"set.wings", [](J& j) { j["set"]["wings"] = 2; }},
      {"set.threads", [](J& j) { j["set"]["threads"] = 100000; }},
      {"set.threads", [](J& j) { j["set"]["threads"] = UINT64_MAX; }},
      {"set.threads", [](J& j) { j["set"]["threads"] = 1.5; }},
      {"set.threads", [](J& j) { j["set"]["threads"] = J::array({2}); }},
      {"set.threads", [](J& j) { j["set"]["threads"] = "two"; }},
      {"set.kv_type_k", [](J& j) { j["set"]["kv_type_k"] = "q9"; }},
      {"budget", [](J& j) { j["budget"] = 200; }},
      {"budget.ttft_ms", [](J& j) { j["budget"]["ttft_ms"] = "200ms"; }},
      {"budget.tpot_ms", [](J& j) { j["budget"]["tpot_ms"] = -1; }},
      {"budget.deadline_ms", [](J& j) { j["budget"]["deadline_ms"] = 1e300; }},
      {"budget.memory_bytes", [](J& j) { j["budget"]["memory_bytes"] = 1e30; }},
      {"budget.quality", [](J& j) { j["budget"]["quality"] = 1.5; }},
      {"budget.quality", [](J& j) { j["budget"]["quality"] = 0; }},
      {"budget.price", [](J& j) { j["budget"]["price"] = 1; }},
      {"messages", [](J& j) { j.erase("messages"); }},
      {"messages", [](J& j) { j["messages"] = "Hello"; }},
      {"messages", [](J& j) { j["messages"].erase(4); }},
      {"messages[1]", [](J& j) { j["messages"][1] = "Hello"; }},
      {"messages[1].role", [](J& j) { j["messages"][1].erase("role"); }},
      {"messages[1].content", [](J& j) { j["messages"][1].erase("content"); }},
      {"messages[2].content", [](J& j) { j["messages"][2]["content"] = J::array({"parts"}); }},
      {"messages[1].role", [](J& j) { j["messages"][1]["role"] = "system"; }},
      {"messages[2].role", [](J& j) { j["messages"][2]["role"] = "user"; }},
      {"messages[3].role", [](J& j) { j["messages"][3]["role"] = "tool"; }},
      {"messages[1].role", [](J& j) { j["messages"].erase(1); }},
  };
  for (const Lie& lie : lies) {
    auto json = nlohmann::json::parse(ToText(Sample()));
    lie.tell(json);
    const auto parsed = ParseSavedChat(json.dump(), knobs_);
    ASSERT_FALSE(parsed) << json.dump();
    EXPECT_EQ(parsed.error().code(), StatusCode::kInvalidInput) << lie.field;
    EXPECT_EQ(parsed.error().where(), lie.field) << parsed.error().ToString();
    EXPECT_THAT(parsed.error().message(), HasSubstr(lie.field));
  }
}

TEST_F(ChatFileTest, BytesThatAreNoJsonAreRefused) {
  const std::string whole = ToText(Sample());
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("\xff\xfe{}"), whole + "{}", std::string("[]"), std::string("null"),
        std::string(100000, '['), std::string("{\"format\": \"tradewind chat\", \"model\": \"\xff\"}")}) {
    const auto parsed = ParseSavedChat(text, knobs_);
    ASSERT_FALSE(parsed) << text.substr(0, 40);
    EXPECT_EQ(parsed.error().where(), "the file");
  }
  // Cut anywhere it is refused; a byte changed anywhere, it is refused or read.
  for (size_t size = 0; size + 2 < whole.size(); ++size) EXPECT_FALSE(ParseSavedChat(whole.substr(0, size), knobs_)) << size;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x15);
    const auto parsed = ParseSavedChat(changed, knobs_);
    if (!parsed) {
      EXPECT_FALSE(parsed.error().where().empty()) << at;
    }
  }
}

TEST_F(ChatFileTest, AFileThatIsNotThereOrTooLargeIsSaid) {
  const auto absent = LoadChat(Path("absent.json"), knobs_);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(absent.error().message(), HasSubstr("absent.json"));
  std::filesystem::resize_file(Write("large", ""), kSavedChatBytes + 1);
  const auto large = LoadChat(Path("large"), knobs_);
  ASSERT_FALSE(large);
  EXPECT_THAT(large.error().message(), HasSubstr("limit"));
}

}  // namespace
}  // namespace tradewind
