// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/sampling_arguments.h"

#include <gmock/gmock.h>

#include <limits>

#include "cli/program.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class SamplingArgumentsTest : public CliTest {
 protected:
  SamplingArguments Read(const std::vector<std::string>& words) {
    SamplingArguments sampling;
    Arguments args("run", "Answers.");
    sampling.Declare(args);
    const auto parsed = Parse(args, words);
    EXPECT_TRUE(parsed) << parsed.error().ToString();
    return sampling;
  }
};

TEST_F(SamplingArgumentsTest, EveryOptionReachesTheSampler) {
  const auto s = Read({"--typical",
                       "0.9",
                       "--top-nsigma",
                       "1.5",
                       "--repeat-penalty",
                       "1.1",
                       "--repeat-last-n",
                       "128",
                       "--presence-penalty",
                       "0.3",
                       "--frequency-penalty",
                       "-0.2",
                       "--dry-multiplier",
                       "0.8",
                       "--dry-base",
                       "2",
                       "--dry-allowed-length",
                       "4",
                       "--dry-penalty-last-n",
                       "1000",
                       "--dry-sequence-breaker",
                       "a",
                       "--dry-sequence-breaker",
                       "bc",
                       "-l",
                       "15+1.5",
                       "--logit-bias",
                       "16-inf",
                       "-s",
                       "4"})
                     .ToSampling();
  ASSERT_TRUE(s) << s.error().ToString();
  EXPECT_EQ(s->typical, 0.9);
  EXPECT_EQ(s->top_n_sigma, 1.5);
  EXPECT_EQ(s->repeat_penalty, 1.1);
  EXPECT_EQ(s->repeat_last_n, 128);
  EXPECT_EQ(s->presence_penalty, 0.3);
  EXPECT_EQ(s->frequency_penalty, -0.2);
  EXPECT_EQ(s->dry_multiplier, 0.8);
  EXPECT_EQ(s->dry_base, 2);
  EXPECT_EQ(s->dry_allowed_length, 4);
  EXPECT_EQ(s->dry_last_n, 1000);
  EXPECT_EQ(s->dry_breakers, (std::vector<std::string>{"a", "bc"}));
  ASSERT_EQ(s->logit_bias.size(), 2u);
  EXPECT_EQ(s->logit_bias[0].id, 15);
  EXPECT_EQ(s->logit_bias[0].bias, 1.5);
  EXPECT_EQ(s->logit_bias[1].bias, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(s->seed, 4u);
}

TEST_F(SamplingArgumentsTest, DefaultsAreThePeersAndNoneEmptiesTheBreakers) {
  const auto s = Read({}).ToSampling();
  EXPECT_EQ(s->repeat_penalty, 1);
  EXPECT_EQ(s->dry_multiplier, 0);
  EXPECT_EQ(s->dry_breakers.size(), 4u);
  EXPECT_TRUE(Read({"--dry-sequence-breaker", "none"}).ToSampling()->dry_breakers.empty());
  EXPECT_EQ(Read({}).ToGrammar().value(), "");
}

TEST_F(SamplingArgumentsTest, ValuesOutsideTheirRangeAreRefusedByName) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"--temp", {"-1", "nan", "inf"}},
      {"--top-p", {"1.5", "-0.1"}},
      {"--min-p", {"1.1", "nan"}},
      {"--typical", {"-0.1", "2", "nan"}},
      {"--top-nsigma", {"-2", "1000"}},
      {"--repeat-penalty", {"0", "-1", "inf"}},
      {"--repeat-last-n", {"-2"}},
      {"--presence-penalty", {"1000", "nan"}},
      {"--frequency-penalty", {"-1000"}},
      {"--dry-multiplier", {"-1"}},
      {"--dry-base", {"0.5"}},
      {"--dry-allowed-length", {"0"}},
      {"--dry-penalty-last-n", {"-2"}},
      {"--dry-sequence-breaker", {std::string(2000, 'a')}},
      {"--logit-bias", {"x", "5", "5+", "+1", "5+inf", "5+nan", "5--1", "-5+1", "5+1e9"}},
  };
  for (const auto& [flag, values] : cases) {
    for (const std::string& value : values) {
      const auto s = Read({flag + "=" + value}).ToSampling();
      ASSERT_FALSE(s) << flag << " " << value;
      EXPECT_EQ(s.error().where(), flag) << value;
    }
  }
  EXPECT_THAT(Read({"--typical=2"}).ToSampling().error().message(), HasSubstr("between 0 and 1"));
}

TEST_F(SamplingArgumentsTest, OneGrammarFromTextFileOrSchema) {
  const std::string gbnf = "root ::= \"a\"";
  EXPECT_EQ(Read({"--grammar", gbnf}).ToGrammar().value(), gbnf);
  EXPECT_EQ(Read({"--grammar-file", Write("g", gbnf)}).ToGrammar().value(), gbnf);
  const std::string by_schema = Read({"-j", R"({"type": "null"})"}).ToGrammar().value();
  EXPECT_THAT(by_schema, HasSubstr("null"));
  EXPECT_EQ(Read({"-jf", Write("s", R"({"type": "null"})")}).ToGrammar().value(), by_schema);
  EXPECT_EQ(Read({"--grammar", gbnf, "-j", "{}"}).ToGrammar().error().where(), "--grammar");
  EXPECT_EQ(Read({"--grammar", ""}).ToGrammar().error().where(), "--grammar");
  EXPECT_EQ(Read({"--grammar-file", Path("absent")}).ToGrammar().error().code(), StatusCode::kNotFound);
  EXPECT_EQ(Read({"-j", R"({"not": {}})"}).ToGrammar().error().where(), "json schema #/not");
}

TEST_F(CommandsTest, ASchemaShapesTheAnswer) {
  const Ran ran =
      RunJson({"-p", "Once", "-n", "200", "-j",
               R"({"type": "object", "properties": {"a": {"enum": [1, 2]}, "b": {"type": "boolean"}}, "required": ["a", "b"]})"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.Json()["finish_reason"], "stop");
  const auto text = nlohmann::json::parse(ran.Json()["text"].get<std::string>());
  EXPECT_TRUE(text["a"] == 1 || text["a"] == 2);
  EXPECT_TRUE(text["b"].is_boolean());
  const Ran wrong = RunJson({"-p", "Once", "-j", R"({"type": "array", "contains": {}})"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("#/contains"));
  EXPECT_EQ(RunJson({"-p", "Once", "--grammar", "root ::= root"}).code, 2);
  EXPECT_EQ(RunJson({"-p", "Once", "-l", "99999999+1"}).code, 2);
}

}  // namespace
}  // namespace tradewind
