// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind chat` as a script drives it: lines on standard input, answers on standard output. Tests commands/chat.cc, chat_actions.cc and
// answer_json.cc, too.
#include <gmock/gmock.h>

#include "cli/answer_json.h"
#include "cli/chat_loop.h"
#include "cli/chat_model.h"
#include "cli/program.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ChatTest : public CommandsTest {
 protected:
  // Greedy, so that answers can be told beforehand.
  Ran Chat(const std::string& input, std::vector<std::string> words = {}) const {
    std::vector<std::string> all = {"chat", model_, "--temp", "0", "-t", "1"};
    all.insert(all.end(), words.begin(), words.end());
    return Run(all, input);
  }
  // What a fresh program generates after this text.
  nlohmann::json Fresh(const std::string& text, const std::string& tokens) const {
    return RunJson({"-p", text, "-n", tokens, "-t", "1"}).Json();
  }
};

TEST_F(ChatTest, LinesAreTurnsAndAnswersGoToStandardOutput) {
  const std::string first = Fresh("Once upon a time", "12")["text"];
  const std::string second = Fresh("Once upon a time" + first + "\nThen", "12")["text"];
  const Ran ran = Chat("Once upon a time\n\n   \nThen", {"-n", "12"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, first + "\n" + second + "\n");
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("\x1b"))) << "no escape codes where there is no terminal";
  EXPECT_FALSE(std::filesystem::exists(Path("tradewind/chat_history"))) << "a script leaves no history";
}

// One JSON value, a line an answer. The second turn reads only what is new, and says what a fresh session would.
TEST_F(ChatTest, JsonIsOneListAndTheSecondTurnReadsOnlyWhatIsNew) {
  const Ran ran = Chat("Once upon a time\n/help\nThen the dog\n/retry\n", {"-n", "20", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json answers = ran.Json();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4) << "a line an answer, and one for the end";
  const nlohmann::json first = Fresh("Once upon a time", "20");
  EXPECT_EQ(answers[0]["tokens"], first["tokens"]);
  EXPECT_EQ(answers[0]["timings"]["cache_n"], 0);
  const std::string whole = "Once upon a time" + first["text"].get<std::string>() + "\nThen the dog";
  const nlohmann::json second = Fresh(whole, "20");
  EXPECT_EQ(answers[1]["tokens"], second["tokens"]);
  EXPECT_EQ(answers[1]["timings"]["prompt_n"], second["timings"]["prompt_n"]);
  const int said = first["timings"]["prompt_n"].get<int>() + 20;
  EXPECT_GE(answers[1]["timings"]["cache_n"].get<int>(), said - 2);
  EXPECT_LE(answers[1]["timings"]["cache_n"].get<int>(), said);
  EXPECT_EQ(answers[2]["tokens"], second["tokens"]) << "again, greedy";
  EXPECT_EQ(answers[2]["timings"]["cache_n"].get<int>(), second["timings"]["prompt_n"].get<int>() - 1);
  for (const char* field : {"text", "logprobs", "finish_reason", "setting", "setting_text", "budget", "predicted", "missed"}) {
    EXPECT_TRUE(answers[0].contains(field)) << field;
  }
  EXPECT_EQ(Chat("", {"--json"}).Json(), nlohmann::json::array());
}

TEST_F(ChatTest, CommandsTellOnStandardErrorAndTheFirstErrorIsTheExitCode) {
  const Ran ran =
      Chat("/sav x\n/why\n/undo\n/set layers=9\n/set wings=1\n/budget --tpot soon\n/load " + Path("absent") + "\n/clear now\nOnce\n",
           {"-n", "3"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1) << ran.out;
  for (const char* part :
       {"nearest is /save", "no answer yet", "nothing was said yet", "layers", "wings", "soon", "absent", "/clear takes nothing"}) {
    EXPECT_THAT(ran.err, HasSubstr(part));
  }
  EXPECT_EQ(Chat("/exit\nnever read\n").out, "");
  EXPECT_EQ(Chat("/help\n").code, 0);
}

TEST_F(ChatTest, KnobsAreTurnedBetweenTurns) {
  const Ran ran =
      Chat("Once\n/set max_tokens=7\nThen\n/set layers=3\nThere\n/set kv_type_k=f32 context=128\nAnd\n/set\n", {"-n", "3", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json answers = ran.Json();
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[0]["tokens"].size(), 3u);
  EXPECT_EQ(answers[1]["tokens"].size(), 7u);
  EXPECT_GT(answers[1]["timings"]["cache_n"], 0) << "the length of an answer changes no keys";
  EXPECT_EQ(answers[2]["setting"]["layers"], 3);
  EXPECT_EQ(answers[2]["timings"]["cache_n"], 0) << "fewer layers have other keys and values";
  EXPECT_EQ(answers[3]["setting"]["kv_type_k"], "f32");
  EXPECT_EQ(answers[3]["setting"]["layers"], 3) << "what was set before stays";
  EXPECT_EQ(answers[3]["timings"]["cache_n"], 0);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("opened the model anew"), HasSubstr("kv_type_k=f32"), HasSubstr("by hand")));
}

TEST_F(ChatTest, AKnobThatCannotBeHadLeavesTheModelAsItWas) {
  const Ran ran = Chat("Once\n/set kv_type_k=q8_0\n/set model=" + Path("none.gguf") + "\nThen\n", {"-n", "3", "--json"});
  EXPECT_EQ(ran.code, 2);
  const nlohmann::json answers = ran.Json();
  ASSERT_EQ(answers.size(), 2u) << ran.err;
  EXPECT_EQ(answers[1]["setting"]["model"], model_);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("q8_0"), HasSubstr("none.gguf")));
}

TEST_F(ChatTest, ABudgetHoldsForEachTurn) {
  const Ran ran = Chat("Once\n/budget --tpot 1ns\nThen\n/budget clear\nThere\n", {"-n", "3", "--json"});
  EXPECT_EQ(ran.code, 3) << "as run, where a budget was missed";
  const nlohmann::json answers = ran.Json();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_TRUE(answers[0]["missed"].empty());
  EXPECT_EQ(answers[1]["missed"].size(), 1u);
  EXPECT_TRUE(answers[2]["missed"].empty());
  EXPECT_THAT(ran.err, HasSubstr("budget: unlimited"));
}

TEST_F(ChatTest, AConversationIsSavedAndGoneOnWith) {
  const std::string file = Path("a chat.json");
  const Ran first = Chat("Once upon a time\nThen\n/budget --deadline 60s\n/save " + file + "\nThere\n", {"-n", "9", "--json"});
  ASSERT_EQ(first.code, 0) << first.err;
  const auto saved = nlohmann::json::parse(Contents(file));
  ASSERT_EQ(saved["messages"].size(), 4u);
  EXPECT_EQ(saved["messages"][3]["content"], first.Json()[1]["text"]);
  EXPECT_EQ(saved["budget"]["deadline_ms"], 60000);
  EXPECT_EQ(saved["set"]["max_tokens"], 9);
  // Begun with other knobs: those of the file hold from its loading on.
  const Ran second = Chat("/load " + file + "\nThere\n", {"-n", "2", "--json"});
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(second.Json()[0]["tokens"], first.Json()[2]["tokens"]);
  EXPECT_EQ(second.Json()[0]["budget"]["deadline_ms"], 60000);
  const Ran messages = Chat("/load --messages " + file + "\nThere\n", {"-n", "2", "--json"});
  EXPECT_EQ(messages.Json()[0]["tokens"].size(), 2u);
  EXPECT_EQ(messages.Json()[0]["timings"]["prompt_n"], first.Json()[2]["timings"]["prompt_n"]);
  EXPECT_TRUE(messages.Json()[0]["budget"].empty());
  const Ran refused = Chat("Once\n/save " + model_ + "\n", {"-n", "2"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("no saved conversation"));
}

TEST_F(ChatTest, UndoAndClearForget) {
  const Ran ran = Chat("Once\nThen\n/undo\nThere\n/clear\nOnce\n", {"-n", "4", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json answers = ran.Json();
  const std::string once = answers[0]["text"];
  EXPECT_EQ(answers[2]["tokens"], Fresh("Once" + once + "\nThere", "4")["tokens"]);
  EXPECT_EQ(answers[3]["tokens"], answers[0]["tokens"]);
}

TEST_F(ChatTest, AFullContextSaysWhatToDoOrDropsTheOldest) {
  std::string input;
  for (int i = 0; i < 12; ++i) input += "The dog and the cat went out to play\n";
  const Ran full = Chat(input, {"-n", "10", "-c", "64", "--json"});
  EXPECT_EQ(full.code, 2);
  EXPECT_THAT(full.err, AllOf(HasSubstr("/clear"), HasSubstr("--shift"), HasSubstr("the context holds 64"), HasSubstr("/set context=128")));
  EXPECT_LT(full.Json().size(), 12u);
  const Ran shifted = Chat(input, {"-n", "10", "-c", "64", "--shift", "--json"});
  EXPECT_EQ(shifted.code, 0) << shifted.err;
  ASSERT_EQ(shifted.Json().size(), 12u);
  EXPECT_THAT(shifted.err, HasSubstr("no longer read"));
  for (const auto& answer : shifted.Json()) EXPECT_EQ(answer["tokens"].size(), 10u);
}

TEST_F(ChatTest, OddInputIsTakenOrRefusedAndTheConversationGoesOn) {
  const std::string mebibyte(1 << 20, 'x');
  const Ran ran =
      Chat("caf\xe9 \xff\xfe\n" + mebibyte + "\n\"\"\"\n/not a command\n\"\"\"\n//slash\nnul" + std::string(1, '\0') + "byte\nlast \\",
           {"-n", "2", "--json"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("say less at once"));
  ASSERT_EQ(ran.Json().size(), 5u) << ran.err;
  const auto count = [&](const std::string& text) { return Run({"tokenize", model_, "--json"}, text).Json()["tokens"].size(); };
  EXPECT_EQ(ran.Json()[0]["timings"]["prompt_n"], count("caf\xe9 \xff\xfe"));
}

TEST_F(ChatTest, WhatChatCannotDoIsSaid) {
  EXPECT_THAT(Run({"chat", "zdt1"}).err, HasSubstr("only language models"));
  EXPECT_EQ(Run({"chat", "zdt1"}).code, 2);
  EXPECT_THAT(Run({"chat", "auto"}).err, HasSubstr("quickstart"));
  EXPECT_THAT(Chat("Hello\n", {"--system-prompt", "Be brief."}).err, HasSubstr("needs a chat template"));
  EXPECT_THAT(Run({"chat", "--help"}).out, AllOf(HasSubstr("--system-prompt"), HasSubstr("--ttft"), Not(HasSubstr("--echo"))));
  EXPECT_THAT(Run({"--help"}).out, HasSubstr("  chat "));
}

// Of what was measured: each turn is decided anew, and /why decides again with other limits.
TEST_F(ChatTest, AutoSteersEachTurn) {
  std::string text;
  for (int i = 0; i < 14; ++i) text += "Once upon a time there was a girl named Lily. She liked her red ball " + std::to_string(i) + ".\n";
  const Ran search = Run(
      {"search", model_, "--workload", "text:" + Write("book.txt", text), "--time", "100ms", "--json", "-t", "1", "--over", "layers=5,3"});
  ASSERT_EQ(search.code, 0) << search.err;
  const Ran ran = Run({"chat", "auto", "--temp", "0", "-n", "6", "--json"},
                      "Once upon a time\n/why\nThen\n/budget --ttft 1ns\nNever\n/budget clear\n/set layers=3\nThere\n/why 5ms\n");
  EXPECT_EQ(ran.code, 3) << ran.err;
  const nlohmann::json answers = ran.Json();
  ASSERT_EQ(answers.size(), 3u) << ran.err;
  for (const auto& answer : answers) {
    EXPECT_THAT(answer["reason"].get<std::string>(), HasSubstr("bits_per_byte"));
    EXPECT_TRUE(answer["predicted"]["ttft_ms"]["value"].is_number());
  }
  EXPECT_EQ(answers[0]["setting"]["layers"], 5);
  EXPECT_GT(answers[1]["timings"]["cache_n"], 0) << "nothing changed between the turns";
  EXPECT_EQ(answers[2]["setting"]["layers"], 3) << "by hand";
  for (const char* part : {"setting: ", "why: best bits_per_byte of the 2 of 2", "expected: first token after", "came: first token after",
                           "next better: none", "20 ms more TTFT (no limit", "20 ms less TPOT", "20 ms more deadline",
                           "nearest: ", "of the 1 of 1 measured settings that fit; set by hand: layers=3", "5 ms more TTFT"}) {
    EXPECT_THAT(ran.err, HasSubstr(part));
  }
}

// A model with a template: SmolLM2, where it was pulled.
const std::optional<std::string> smollm2 = ModelPath("smollm2-135m");

TEST_F(ChatTest, AConversationByTemplateReadsOnlyWhatIsNew) {
  if (!smollm2) GTEST_SKIP() << "absent: the model smollm2-135m";
  const std::vector<std::string> asked = {"Name a colour.", "Another one, please."};
  const Ran ran = Run({"chat", *smollm2, "--temp", "0", "-n", "12", "--json", "--system-prompt", "Answer briefly."},
                      asked[0] + "\n" + asked[1] + "\n/system Be long.\nAgain.\n");
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json answers = ran.Json();
  ASSERT_EQ(answers.size(), 3u);
  // A session that never heard the first turn, given all of the conversation at once.
  const auto instance = LanguageModelInstance::Open(*smollm2, {}, {}, RealClock());
  ASSERT_TRUE(instance);
  Prompt prompt;
  prompt.messages = {{"system", "Answer briefly."}, {"user", asked[0]}, {"assistant", answers[0]["text"]}, {"user", asked[1]}};
  prompt.sampling.temperature = 0;
  Setting twelve;
  twelve.Set("max_tokens", int64_t{12});
  const auto session = (*instance)->Start({.setting = twelve});
  ASSERT_TRUE(session);
  const auto fresh = RunPrompt(**session, prompt, RealClock().Now(), nullptr);
  ASSERT_TRUE(fresh);
  std::vector<int32_t> ids;
  for (const Token& token : fresh->tokens) ids.push_back(token.id);
  EXPECT_EQ(answers[1]["tokens"].get<std::vector<int32_t>>(), ids);
  const int first_end = answers[0]["timings"]["prompt_n"].get<int>() + static_cast<int>(answers[0]["tokens"].size());
  EXPECT_GE(answers[1]["timings"]["cache_n"].get<int>(), first_end - 2);
  EXPECT_LT(answers[2]["timings"]["cache_n"].get<int>(), answers[0]["timings"]["prompt_n"].get<int>())
      << "another system message: another beginning";
  EXPECT_GT(answers[2]["timings"]["cache_n"].get<int>(), 0) << "the template's first words are the same";
}

}  // namespace
}  // namespace tradewind
