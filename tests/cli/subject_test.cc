// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Commands on tunables that are no language models: cli/subject.h, cli/search_arguments.h and cli/run_recalled.h, through the program.
#include "cli/subject.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "cli/program.h"
#include "cli/run_recalled.h"
#include "cli/search_arguments.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

SearchSpace OneKnob(size_t values) {
  SearchDimension dimension{.knob = "k", .values = {}};
  for (size_t i = 0; i < values; ++i) dimension.values.emplace_back(static_cast<int64_t>(i));
  return {.base = {}, .dimensions = {dimension}};
}

TEST(SearchArguments, FewCombinationsAreAllTriedAndMoreAreSearched) {
  SearchArguments arguments;
  EXPECT_EQ(arguments.StrategyFor(OneKnob(200)), "exhaustive");
  EXPECT_EQ(arguments.StrategyFor(OneKnob(201)), "nsga2");
  SearchSpace range;
  range.dimensions.push_back({.knob = "x", .values = {}, .range = RealDomain{0, 1}});
  EXPECT_EQ(arguments.StrategyFor(range), "nsga2");
  arguments.strategy = "random";
  EXPECT_EQ(arguments.StrategyFor(range), "random");
}

TEST(SearchArguments, ReadsSeedsAndParameters) {
  SearchArguments arguments;
  arguments.seeds = "3,1,2";
  EXPECT_EQ(arguments.ToSeeds().value(), (std::vector<uint64_t>{3, 1, 2}));
  for (const char* bad : {"", "1,", "a", "1;2", "-1"}) {
    arguments.seeds = bad;
    EXPECT_EQ(arguments.ToSeeds().error().where(), "--seed") << bad;
  }
  arguments.parameters = {"population=20"};
  EXPECT_EQ(arguments.ToOptions(7)->parameters.at("population"), "20");
  arguments.parameters = {"population"};
  EXPECT_FALSE(arguments.ToOptions(7));
  arguments.parameters.clear();
  arguments.trials = 0;
  EXPECT_FALSE(arguments.ToOptions(7));
}

// ZDT1: f1 = x1; with all other knobs at 0 the front is f2 = 1 - sqrt(f1).
class Formula : public CommandsTest {
 protected:
  void SetUp() override {}  // needs no model
};

TEST_F(Formula, IsMeasuredSearchedFittedAndRun) {
  std::vector<std::string> front;  // all but x1
  for (int i = 2; i <= 30; ++i) {
    front.emplace_back("--set");
    front.push_back("x" + std::to_string(i) + "=0");
  }
  const auto on_front = [&](std::vector<std::string> words) {
    words.insert(words.end(), front.begin(), front.end());
    return Run(words);
  };
  const Ran measured = on_front({"measure", "zdt1", "--json", "--set", "x1=0.25"});
  ASSERT_EQ(measured.code, 0) << measured.err;
  EXPECT_NEAR(measured.Json()["measurements"][1]["value"].get<double>(), 0.5, 1e-12);
  const Ran searched = on_front({"search", "zdt1", "--strategy", "nsga2", "--trials", "60", "--seed", "1,2", "--json"});
  ASSERT_EQ(searched.code, 0) << searched.err;
  EXPECT_EQ(searched.Json()["seeds"].size(), 2u);
  // Up to (1.1, 1.1) the whole front has 1.21 - 1/3.
  EXPECT_GT(searched.Json()["hypervolume"].get<double>(), 0.8);
  EXPECT_LT(searched.Json()["hypervolume"].get<double>(), 1.21 - 1.0 / 3);
  const Ran again = on_front({"search", "zdt1", "--strategy", "nsga2", "--trials", "60", "--json"});
  EXPECT_EQ(again.Json()["measured"], 0) << "what is stored is not measured again";
  EXPECT_EQ(again.Json()["hypervolume"], searched.Json()["hypervolume"]);
  EXPECT_EQ(Run({"fit", "zdt1", "--json"}).code, 0);
  const Ran ran = Run({"run", "zdt1", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.Json()["reading"].size(), 2u);
}

// The area that points of two minimised axes cover up to (1.1, 1.1), by a sweep.
double Covered(std::vector<std::vector<double>> points) {
  std::sort(points.begin(), points.end());
  double area = 0;
  double edge = 1.1;
  for (const auto& p : points) {
    if (p[0] >= 1.1 || p[1] >= edge) continue;
    area += (1.1 - p[0]) * (edge - p[1]);
    edge = p[1];
  }
  return area;
}

TEST_F(Formula, SeedsTogetherFindWhatTheyFindApart) {
  const auto search = [&](const std::string& seeds, const std::string& store) {
    SetEnvironment("TRADEWIND_STORE", Path(store));
    std::vector<std::string> words = {"search", "zdt1", "--strategy", "nsga2", "--trials", "300", "--seed", seeds, "--json"};
    for (int i = 6; i <= 30; ++i) words.insert(words.end(), {"--set", "x" + std::to_string(i) + "=0"});
    return Run(words).Json();
  };
  const nlohmann::json together = search("3,4", "together.db");
  const nlohmann::json apart = search("4", "apart.db");
  const nlohmann::json again = search("4,3", "together.db");
  ASSERT_EQ(together["seeds"].size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    const nlohmann::json& seed = together["seeds"][i];
    EXPECT_EQ(seed["seed"], 3 + i);
    EXPECT_EQ(seed["trials"], 300);
    EXPECT_NEAR(seed["hypervolume"], Covered(seed["frontier"]), 1e-12);
    EXPECT_EQ(seed, again["seeds"][1 - i]) << "what the store has from the other seed changes nothing";
  }
  EXPECT_EQ(together["seeds"][1]["hypervolume"], apart["hypervolume"]);
  EXPECT_NE(together["seeds"][0]["hypervolume"], apart["hypervolume"]);
  const double mean = (together["seeds"][0]["hypervolume"].get<double>() + together["seeds"][1]["hypervolume"].get<double>()) / 2;
  EXPECT_NEAR(together["mean_hypervolume"]["value"], mean, 1e-12);
}

// A table of sizes 1 to 40 at 1 and 9 epochs: a larger one is better and slower.
class SizesTable : public Formula {
 protected:
  std::string WriteTable() {
    std::string csv = "size,e1,e9,ms\n";
    for (int size = 1; size <= 40; ++size) {
      const std::string quality = std::to_string(10 * size - size * size / 8);
      csv += std::to_string(size) + "," + std::to_string(size) + "," + quality + "," + std::to_string(size) + "\n";
    }
    Write("epochs.csv", csv);
    return Write("epochs.yaml", R"(name: epochs
description: A table of a test
tables: [{path: epochs.csv}]
knobs: [{name: size, column: size, type: integer}, {name: epochs, headers: '^e(\d+)$', type: integer}]
fidelity: epochs
metrics:
  - {name: quality, direction: higher, definition: How good., column: 'e{epochs}'}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: ms}
workloads: [{name: both, axes: [quality, latency_ms], reference: [0, worst]}]
)");
  }
};

TEST_F(SizesTable, AStrategyThatClimbsAFidelityIsGivenTheTablesOwn) {
  const std::string spec = WriteTable();
  const auto values = [&](const std::string& strategy) {
    const Ran ran = Run({"search", spec, "--strategy", strategy, "--trials", "30", "--json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::map<std::string, int> count;
    const nlohmann::json json = ran.Json();
    for (const auto& point : json["points"]) ++count[point["setting"].value("epochs", 9) == 1 ? "cheap" : "true"];
    return count;
  };
  EXPECT_GT(values("halving")["cheap"], 5);
  EXPECT_GT(values("halving")["true"], 2);
  EXPECT_EQ(values("random")["cheap"], 0);
}

TEST_F(SizesTable, WhatAStrategyRemarksIsSaid) {
  const std::string spec = WriteTable();
  const auto run = [&](const std::string& strategy, const std::string& seeds, bool json) {
    std::vector<std::string> words = {"search", spec, "--strategy", strategy, "--trials", "30", "--seed", seeds};
    if (json) words.emplace_back("--json");
    return Run(words);
  };
  const std::string remark = run("partial_order", "1", true).Json().value("remark", "");
  EXPECT_THAT(remark, HasSubstr("the order was wrong for 0 of"));
  EXPECT_THAT(run("partial_order", "1", false).out, HasSubstr("\npartial_order: " + remark + "\n"));
  const nlohmann::json seeds = run("partial_order", "1,2", true).Json()["seeds"];
  EXPECT_EQ(seeds[0].value("remark", ""), remark);
  EXPECT_THAT(run("partial_order", "1,2", false).out, HasSubstr("\npartial_order, seed 2: " + seeds[1].value("remark", "none") + "\n"));
  EXPECT_FALSE(run("random", "1", true).Json().contains("remark"));
}

TEST_F(Formula, SaysWhatIsWrong) {
  EXPECT_THAT(Run({"search", "zdt1", "--device", "phone"}).err, HasSubstr("recorded tables"));
  EXPECT_THAT(Run({"search", "zdt1", "--workload", "nosuch"}).err, HasSubstr("has no workload"));
  EXPECT_THAT(Run({"search", "zdt1", "--strategy", "halving"}).err, HasSubstr("fidelity"));
  EXPECT_THAT(Run({"search", "zdt1", "--constraint", "f1<3"}).err, HasSubstr("metric<=number"));
  EXPECT_THAT(Run({"search", "zdt1", "--constraint", "ms<=3"}).err, HasSubstr("no metric"));
  EXPECT_THAT(Run({"measure", "zdt1", "-t", "2"}).err, HasSubstr("--set"));
  EXPECT_THAT(Run({"search", "zdt1", "--constraint", "f1<=nan"}).err, HasSubstr("metric<=number"));
  for (const char* word : {"--seed=x", "--trials=0", "--strategy=nosuch", "--parallel=0"}) {
    EXPECT_EQ(Run({"search", "zdt1", word}).code, 2) << word;
  }
}

TEST_F(Formula, ConstraintsThatNothingKeepsEndWithThree) {
  const Ran none = Run({"search", "zdt1", "--trials", "20", "--constraint", "f1<=-1", "--json"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("keeps the constraints"));
  EXPECT_EQ(none.Json()["hypervolume"], 0) << "what is barred is worth nothing";
  EXPECT_EQ(Run({"search", "zdt1", "--trials", "20", "--constraint", "f1<=1"}).code, 0);
}

TEST_F(Formula, WithoutMeasurementsRunSaysWhatToDo) {
  const Ran ran = Run({"run", "zdt2", "--json"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("tradewind search"));
}

TEST_F(Formula, AnUnknownModelIsNamedFirst) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"search", "nosuch", "--over", "layers=1"}, {"measure", "nosuch"}}) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, testing::AllOf(HasSubstr("no model \"nosuch\""), HasSubstr("nasbench201"), testing::Not(HasSubstr("--workload"))));
  }
}

TEST_F(Formula, StudiesAreListed) {
  const Ran list = Run({"study", "--list"});
  EXPECT_EQ(list.code, 0);
  EXPECT_THAT(list.out, HasSubstr("018 yolobench\n"));
  EXPECT_EQ(Run({"study", "777"}).code, 2);
  EXPECT_EQ(Run({"study"}).code, 2);
  EXPECT_THAT(Run({"study", "--analyses"}).out, testing::AllOf(HasSubstr("hypervolume_share (frontier)\n"), HasSubstr("`trials`")));
}

TEST_F(Formula, AStudyFileOfOnesOwnIsRun) {
  const std::string study = Write("mine.yaml", R"(row: '900'
name: mine
title: A front of one knob
paper: none
claims:
  - {claim: Trying everything finds everything., analysis: hypervolume_share, with: &all {table: )" +
                                                   Path("sizes.yaml") +
                                                   R"(, devices: pi, strategy: exhaustive, trials: 9, seeds: 2}, floor: '>= 1'}
  - {claim: And more than that., analysis: hypervolume_share, with: *all, floor: '> 1'}
)");
  EXPECT_THAT(Run({"study", study}).out, HasSubstr("not testable here")) << "its table is not here yet";
  Write("sizes.csv", "size,quality,ms_pi\n1,1,1\n2,3,2\n3,2,9\n");
  Write("sizes.yaml", R"(name: sizes
description: A table of a test
tables: [{path: sizes.csv}]
knobs: [{name: size, column: size, type: integer}]
metrics:
  - {name: quality, direction: higher, definition: How good., column: quality}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: 'ms_{device}'}
devices: {headers: '^ms_(.*)$', default: pi}
workloads: [{name: both, axes: [quality, latency_ms], reference: [0, worst]}]
)");
  SetEnvironment("TRADEWIND_DATA", Path("others"));  // where the data of the built-in tables are; these lie beside their own
  const Ran ran = Run({"study", study, "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.Json()[0]["claims"][0]["here"], 1.0) << ran.out;
  const std::string text = Run({"study", study}).out;
  EXPECT_THAT(
      text, testing::AllOf(HasSubstr("  reproduces: Trying everything finds everything.\n"), HasSubstr("  does not: And more than that.\n"),
                           HasSubstr("      found with: Trying everything finds everything.\n")));
  const std::string detail = ran.Json()[0]["claims"][0]["detail"][0];
  EXPECT_NE(text.find(detail), std::string::npos) << text;
  EXPECT_EQ(text.find(detail), text.rfind(detail)) << "a finding is told once";
  EXPECT_THAT(Run({"study", Write("bad.yaml", "row: 1\n")}).err, HasSubstr("bad.yaml"));
  Write("sizes.csv", "size,quality,ms_pi\n1,1,1\n2,three,2\n3,2,9\n");
  const Ran faulty = Run({"study", study, "--fresh"});
  EXPECT_EQ(faulty.code, 2);
  EXPECT_THAT(faulty.out, HasSubstr("not testable here"));
  EXPECT_THAT(faulty.err, testing::AllOf(HasSubstr("sizes.csv, line 3"), HasSubstr("three")));
  EXPECT_EQ(Run({"study", Path("absent.yaml")}).code, 2);
}

}  // namespace
}  // namespace tradewind
