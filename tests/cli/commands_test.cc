// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The commands as scripts use them (DESIGN section 3), on stories260K. Tests cli.cc, too.
#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "cli/program.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST_F(CommandsTest, RunPrintsWhatScriptsRelyOn) {
  const Ran ran = RunJson({"-p", "Once upon a time", "-n", "6", "--logprobs", "2", "-t", "1"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json json = ran.Json();
  EXPECT_EQ(json["tokens"].size(), 6u);
  ASSERT_EQ(json["logprobs"].size(), 6u);
  std::string text;
  for (size_t i = 0; i < 6; ++i) {
    const nlohmann::json& entry = json["logprobs"][i];
    EXPECT_EQ(entry["id"], json["tokens"][i]);
    text += entry["token"].get<std::string>();
    EXPECT_LE(entry["logprob"].get<double>(), 0);
    ASSERT_EQ(entry["top"].size(), 2u);
    for (const char* field : {"id", "token", "logprob"}) EXPECT_TRUE(entry["top"][0].contains(field)) << field;
    EXPECT_EQ(entry["top"][0]["id"], entry["id"]) << "greedy";
  }
  EXPECT_EQ(json["text"], text);
  EXPECT_EQ(json["finish_reason"], "length");
  EXPECT_EQ(json["setting"]["threads"], 1);
  EXPECT_EQ(json["setting"]["max_tokens"], 6);
  EXPECT_THAT(json["setting_text"].get<std::string>(), HasSubstr("threads=1"));
  EXPECT_TRUE(json["budget"].empty());
  EXPECT_TRUE(json.contains("predicted"));
  for (const char* field : {"load_ms", "prompt_n", "prompt_ms", "predicted_n", "predicted_ms", "ttft_ms", "tpot_ms"}) {
    EXPECT_TRUE(json["timings"][field].is_number()) << field;
  }
  EXPECT_EQ(json["timings"]["predicted_n"], 6);
}

TEST_F(CommandsTest, AMemoryBudgetThatANamedModelMissesIsSaidInJson) {
  const Ran ran = RunJson({"-p", "Once", "-n", "2", "--memory", "1KiB"});
  EXPECT_EQ(ran.code, 3) << ran.err;
  const nlohmann::json json = ran.Json();
  EXPECT_EQ(json["finish_reason"], "budget");
  EXPECT_EQ(json["text"], "");
  EXPECT_TRUE(json["nearest"].is_null());
  EXPECT_THAT(json["reason"].get<std::string>(), HasSubstr("memory budget"));
}

TEST_F(CommandsTest, AQualityThatNobodyMeasuredIsMissed) {
  const Ran ran = RunJson({"-p", "Once", "-n", "2", "--quality", "0.9"});
  EXPECT_EQ(ran.code, 3) << ran.err;
  EXPECT_THAT(ran.Json()["missed"].dump(), HasSubstr("has not been measured"));
  EXPECT_EQ(ran.Json()["tokens"].size(), 2u) << "the answer is given all the same";
}

TEST_F(CommandsTest, RunStreamsPlainTextWithoutJson) {
  const Ran json = RunJson({"-p", "Once upon a time", "-n", "12"});
  const Ran plain = Run({"run", "-m", model_, "-p", "Once upon a time", "-n", "12", "--temp", "0"});
  EXPECT_EQ(plain.code, 0);
  EXPECT_EQ(plain.out, json.Json()["text"].get<std::string>() + "\n");
}

TEST_F(CommandsTest, GreedyTextIsTheSameAtAnyThreadCountAndASeedGivesAText) {
  const auto text = [&](const char* temperature, const char* seed, const char* threads) {
    return Run({"run", model_, "--json", "-p", "The dog", "-n", "32", "--temp", temperature, "-s", seed, "-t", threads}).Json()["text"];
  };
  EXPECT_EQ(text("0", "1", "1"), text("0", "2", "2"));
  EXPECT_EQ(text("1", "7", "1"), text("1", "7", "2"));
  EXPECT_NE(text("1", "7", "1"), text("1", "8", "1"));
}

TEST_F(CommandsTest, NothingToGenerateAndEcho) {
  const nlohmann::json json = RunJson({"-p", "Once upon a time", "-n", "0", "--echo"}).Json();
  EXPECT_EQ(json["text"], "");
  EXPECT_TRUE(json["tokens"].empty());
  ASSERT_EQ(json["logprobs"].size(), json["timings"]["prompt_n"].get<size_t>());
  EXPECT_TRUE(json["logprobs"][0]["logprob"].is_null()) << "nothing comes before the first";
  for (size_t i = 1; i < json["logprobs"].size(); ++i) EXPECT_TRUE(json["logprobs"][i]["logprob"].is_number());
  EXPECT_TRUE(json["timings"]["ttft_ms"].is_null());
}

TEST_F(CommandsTest, APromptComesFromAFileOrStandardInputByteForByte) {
  const std::string bytes = "One day,\r\n  two \xE2\x82\xAC\xFF\n\n";
  const auto ids = [](const Ran& ran) {
    std::vector<int> found;
    const nlohmann::json json = ran.Json();
    for (const auto& entry : json["logprobs"]) found.push_back(entry["id"]);
    return found;
  };
  const auto tokenized = Run({"tokenize", model_, "--json"}, bytes).Json()["tokens"].get<std::vector<int>>();
  EXPECT_EQ(ids(RunJson({"-f", Write("prompt", bytes), "-n", "0", "--echo"})), tokenized);
  EXPECT_EQ(ids(RunJson({"-n", "0", "--echo"}, bytes)), tokenized);
  EXPECT_EQ(ids(RunJson({"-f", "-", "-n", "0", "--echo"}, bytes)), tokenized);
}

TEST_F(CommandsTest, TokenizeGoesThereAndBack) {
  const std::string text = "A girl's  \xC3\xA9\xF0\x9F\x98\x80 <s> 12\n";
  const auto ids = Run({"tokenize", model_, "--json"}, text).Json()["tokens"];
  EXPECT_EQ(ids[0], 1) << "this model asks for a BOS";
  const auto bare = Run({"tokenize", model_, "--json", "--no-bos"}, text).Json()["tokens"];
  EXPECT_EQ(bare.size() + 1, ids.size());
  EXPECT_EQ(std::count(bare.begin(), bare.end(), 1), 0) << "a spelling is text";
  EXPECT_EQ(Run({"tokenize", model_, "--decode"}, bare.dump()).out, text);
  EXPECT_EQ(Run({"tokenize", model_, "--decode", "--json"}, ids.dump()).Json()["text"], text);
  const auto special = Run({"tokenize", model_, "--json", "--special", "--no-bos"}, "<s>").Json()["tokens"];
  EXPECT_EQ(special, nlohmann::json({1}));
  EXPECT_EQ(Run({"tokenize", model_, "--decode"}, "1 two").code, 2);
}

TEST_F(CommandsTest, StopStringsAndAFullContext) {
  const std::string whole = RunJson({"-p", "Once upon a time", "-n", "40"}).Json()["text"];
  const std::string stop = whole.substr(whole.size() / 2, 4);
  const nlohmann::json stopped = RunJson({"-p", "Once upon a time", "-n", "40", "-r", stop}).Json();
  EXPECT_EQ(stopped["text"], whole.substr(0, whole.find(stop)));
  EXPECT_EQ(stopped["finish_reason"], "stop");
  EXPECT_EQ(RunJson({"-p", "Once upon a time", "-n", "40", "-c", "16"}).Json()["finish_reason"], "context");
  EXPECT_EQ(RunJson({"-p", "Once upon a time", "-n", "40", "-c", "16", "--shift"}).Json()["finish_reason"], "length");
  const Ran longer = RunJson({"-p", std::string(400, 'x'), "-c", "16"});
  EXPECT_EQ(longer.code, 2);
  EXPECT_THAT(longer.err, HasSubstr("raise -c"));
}

TEST_F(CommandsTest, WhatIsWrongWithTheInputIsTwo) {
  const std::string bytes = Contents(model_);
  const std::string cut = Write("cut.gguf", bytes.substr(0, bytes.size() / 2));
  const std::string garbage = Write("garbage.gguf", "not a model at all");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"run", Path("absent.gguf"), "-p", "a"}, "absent.gguf"},
      {{"run", cut, "-p", "a"}, "byte"},
      {{"run", garbage, "-p", "a"}, "garbage.gguf"},
      {{"inspect", cut}, "byte"},
      {{"tokenize", garbage}, "garbage.gguf"},
      {{"run", model_, "--wings", "2"}, "--help"},
      {{"run", model_, "-p", "a", "-ctk", "q3"}, "kv_type_k"},
      {{"run", model_, "-p", "a", "-ctk", "q8_0"}, "f16"},
      {{"run", model_, "-p", "a", "--set", "layers=9"}, "layers"},
      {{"run", model_, "-p", "a", "--deadline", "soon"}, "soon"},
      {{"run", "auto", "-p", "a"}, "quickstart"},
      {{"fit", "auto"}, "quickstart"},
      {{"measure", model_}, "--workload"},
      {{"search", model_, "--workload", "text:" + Write("t", "text")}, "--over"},
      {{"fly"}, "--help"},
      {{}, "usage"}};
  for (const auto& [words, says] : cases) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, 2) << testing::PrintToString(words) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(says)) << testing::PrintToString(words);
    EXPECT_EQ(ran.out, "") << testing::PrintToString(words);
  }
}

TEST_F(CommandsTest, AMissedBudgetIsThree) {
  const Ran memory = Run({"run", model_, "-p", "a", "--memory", "5MiB"});
  EXPECT_EQ(memory.code, 3) << memory.err;
  EXPECT_THAT(memory.err, HasSubstr("MiB"));
  EXPECT_EQ(memory.out, "");
  const Ran late = RunJson({"-p", "Once upon a time", "--deadline", "1ms"});
  EXPECT_EQ(late.code, 3);
  EXPECT_EQ(late.Json()["finish_reason"], "deadline");
  EXPECT_THAT(late.Json()["missed"].dump(), HasSubstr("deadline"));
  const Ran ttft = RunJson({"-p", "Once upon a time", "-n", "2", "--ttft", "1us"});
  EXPECT_EQ(ttft.code, 3);
  EXPECT_EQ(ttft.Json()["tokens"].size(), 2u) << "the answer is given all the same";
}

// The bytes that inspect predicts are enough for a run and not exceeded by it; a tenth less is refused before anything is loaded.
TEST_F(CommandsTest, TheMemoryThatIsPredictedIsEnough) {
  const uint64_t needed = Run({"inspect", model_, "--json", "-c", "256"}).Json()["memory"]["total_bytes"];
  const auto run = [&](uint64_t budget_bytes) {
    return RunJson({"-p", "Once upon a time", "-n", "200", "-c", "256", "--memory", std::to_string(budget_bytes) + "B"});
  };
  const Ran enough = run(needed);
  EXPECT_EQ(enough.code, 0) << enough.err;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(enough.Json()["peak_memory_bytes"], needed);
#endif
  const Ran less = run(needed / 10 * 9);
  EXPECT_EQ(less.code, 3);
  EXPECT_THAT(less.err, HasSubstr("needs " + std::to_string(needed) + " bytes"));
  EXPECT_EQ(less.Json()["tokens"].size(), 0u);
}

// A real limit, of a control group, where TRADEWIND_CGROUP names a folder of the memory controller in which this user may make groups.
TEST_F(CommandsTest, ALimitOfAControlGroupIsRefusedAtTheStart) {
  const char* parent = std::getenv("TRADEWIND_CGROUP");
  if (parent == nullptr) GTEST_SKIP() << "absent: TRADEWIND_CGROUP, a memory control group to make others in";
  const std::string group = std::string(parent) + "/tradewind-test-" + std::to_string(getpid());
  ASSERT_TRUE(std::filesystem::create_directory(group));
  const uint64_t needed = Run({"inspect", model_, "--json"}).Json()["memory"]["total_bytes"];
  const bool second = std::filesystem::exists(group + "/memory.max");
  std::ofstream(group + (second ? "/memory.max" : "/memory.limit_in_bytes")) << needed / 10 * 9;
  const std::string script = Write("grouped.sh", "echo $$ >'" + group + "/cgroup.procs' && exec \"$@\"\n");
  const Ran ran = Run({script, TRADEWIND_BINARY, "run", model_, "--raw", "-p", "Once", "-t", "1"}, "", "/bin/bash");
  std::filesystem::remove(group);
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err,
              testing::AllOf(HasSubstr("needs " + std::to_string(needed) + " bytes"), HasSubstr("the control group of this process")));
}

TEST_F(CommandsTest, InspectAddsUp) {
  const nlohmann::json json = Run({"inspect", model_, "--json", "-c", "256", "-ctk", "f32"}).Json();
  EXPECT_EQ(json["tensors"], 2 + 5 * 9);
  EXPECT_EQ(json["bits_per_weight"], 32.0);
  EXPECT_EQ(json["bytes"], json["weights"].get<int64_t>() * 4);
  EXPECT_EQ(json["metadata"]["general.architecture"], "llama");
  EXPECT_EQ(json["memory"]["context"], 256);
  const auto& memory = json["memory"];
  EXPECT_EQ(memory["kv_bytes"], 256 * 5 * 4 * 8 * (4 + 2));
  uint64_t sum = 0;
  for (const char* part : {"weights", "adapters", "kv", "scratch", "process"}) sum += memory[std::string(part) + "_bytes"].get<uint64_t>();
  EXPECT_EQ(memory["total_bytes"], sum);
  const Ran plain = Run({"inspect", model_, "--tensors"});
  EXPECT_THAT(plain.out, testing::AllOf(HasSubstr("blk.4.ffn_down.weight"), HasSubstr("32.000 bits per weight")));
}

TEST_F(CommandsTest, ABenchOfSequencesAndItsRoofline) {
  const auto shape = [&](std::vector<std::string> more) {
    std::vector<std::string> command = {"bench", model_, "-p", "20", "-n", "4", "-c", "64", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    return Run(command);
  };
  EXPECT_EQ(shape({"-np", "3", "-r", "1"}).Json()[1]["test"], "tg4 x 3");
  const nlohmann::json roofline = shape({"-np", "3", "--roofline", "--svg", Path("picture.svg")}).Json()[1];
  EXPECT_EQ(roofline["test"], "tg4 x 3");
  EXPECT_GT(roofline["ops"].size(), 5u);
  EXPECT_LE(roofline["accounted_seconds"], roofline["seconds"]);
  EXPECT_TRUE(Contents(Path("picture.svg")).starts_with("<svg"));
  for (const char* sequences : {"0", "-1", "1025", "1000000000"}) {
    const Ran refused = shape({"-np", sequences});
    EXPECT_EQ(refused.code, 2) << sequences;
    EXPECT_THAT(refused.err, HasSubstr("--parallel"));
  }
  EXPECT_EQ(shape({"--svg", Path("alone.svg")}).code, 2);
  EXPECT_NE(shape({"--roofline", "--svg", Path("no/such/folder.svg")}).code, 0);
}

TEST_F(CommandsTest, ABenchTakesWhatLlamaBenchTakes) {
  const auto bench = [&](std::vector<std::string> more) {
    std::vector<std::string> command = {"bench", "-m", model_, "-r", "2", "-fa", "1", "-ngl", "0", "-b", "512", "-o", "json"};
    command.insert(command.end(), more.begin(), more.end());
    return Run(command);
  };
  const nlohmann::json all =
      bench({"-p", "4,8", "-n", "2", "-pg", "4,2", "-d", "0-16+16", "-t", "1,2", "-ctk", "f16,bf16", "-ub", "8"}).Json();
  ASSERT_EQ(all.size(), 2 * 2 * 2 * 4u);
  EXPECT_EQ(all[7]["test"], "pp4+tg2 @ d16");
  EXPECT_EQ(all[8]["n_threads"], 2);
  EXPECT_EQ(all[31]["type_k"], "bf16");
  EXPECT_EQ(all[0]["samples_ns"].size(), 2u);
  EXPECT_EQ(all[0]["n_ubatch"], 8);
  // Without -c the context grows with what is asked for; the setting's own is kept.
  EXPECT_THAT(bench({"-p", "20", "-n", "0", "-c", "16"}).err, HasSubstr("-c"));
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{{"-p", "many"},
                                                                                     {"-p", "5-2"},
                                                                                     {"-pg", "4"},
                                                                                     {"-o", "sql"},
                                                                                     {"-d", "0-1000000000"},
                                                                                     {"-ctk", "f17"},
                                                                                     {"--baseline", "x"},
                                                                                     {"-r", "0"}}) {
    const Ran refused = bench(wrong);
    EXPECT_EQ(refused.code, 2) << wrong[0];
    EXPECT_THAT(refused.err, HasSubstr("tradewind: ")) << wrong[0];
  }
}

TEST_F(CommandsTest, HelpAndVersion) {
  EXPECT_THAT(Run({"--version"}).out, HasSubstr("kernels:"));
  const Ran help = Run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* command :
       {"run", "measure", "search", "fit", "knobs", "inspect", "tokenize", "pull", "models", "bench", "doctor", "train", "serve", "plan"}) {
    EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + command));
    EXPECT_EQ(Run({command, "--help"}).code, 0) << command;
  }
}

TEST_F(CommandsTest, DoctorSaysWhichPartsAreThere) {
  const nlohmann::json json = Run({"doctor", "--json"}).Json();
  EXPECT_TRUE(json["graphs by native"]);
  EXPECT_TRUE(json["graphs by openvino"].is_boolean());
  EXPECT_TRUE(json["ffmpeg for videos"].is_string());
  EXPECT_TRUE(json["LibTorch for training"].is_string());
}

// Whole trainings are tests/train's.
TEST_F(CommandsTest, RecipesOfTrainingAreListedAndMistakesNamed) {
  EXPECT_TRUE(Run({"train", "--json"}).Json().contains("cifar_exits"));
  EXPECT_THAT(Run({"train"}).out, HasSubstr("cifar_qat"));
  const Ran unknown = Run({"train", "nothing"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("cifar_exits"));
  const Ran field = Run({"train", "cifar_exits", "--set", "exits.grids=2"});
  EXPECT_EQ(field.code, 2);
  EXPECT_THAT(field.err, HasSubstr("no field \"grids\""));
  const Ran threads = Run({"train", "cifar_exits", "-t", "0"});
  EXPECT_EQ(threads.code, 2);
  EXPECT_THAT(threads.err, HasSubstr("--threads"));
}

TEST_F(CommandsTest, KnobsAreListed) {
  const nlohmann::json json = Run({"knobs", "--json"}).Json();
  std::set<std::string> names;
  for (const auto& knob : json) {
    names.insert(knob["name"]);
    for (const char* field : {"stage", "values", "default", "unit", "meaning", "condition"}) EXPECT_TRUE(knob.contains(field)) << field;
  }
  for (const char* name : {"model", "layers", "threads", "threads_batch", "kv_type_k", "kv_type_v", "context", "max_tokens"}) {
    EXPECT_EQ(names.count(name), 1u) << name;
    EXPECT_THAT(Run({"knobs"}).out, HasSubstr(name));
  }
}

}  // namespace
}  // namespace tradewind
