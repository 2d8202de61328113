// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Every router of src/policy/routers, through the registry: what all must keep, on a made-up world where the right answers are known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "policy/evaluate_router.h"
#include "policy/router.h"

namespace tradewind {
namespace {

// Two arms. On sums the weak arm fails and the strong one does not; on tales they are equal.
RoutingTable World(uint64_t seed, int samples) {
  static const std::vector<std::string> kSum = {"compute", "the", "product", "of", "integers", "modulo", "remainder", "solve", "equation"};
  static const std::vector<std::string> kTale = {"tell", "me", "a", "story", "about", "dragon", "castle", "princess", "forest"};
  Random random(seed);
  RoutingTable table{.arms = {"strong", "weak"}, .arm_cost = {20, 1}, .samples = {}};
  for (int i = 0; i < samples; ++i) {
    const bool hard = random.Below(2) == 1;
    const std::vector<std::string>& words = hard ? kSum : kTale;
    std::string text;
    for (int w = 0; w < 10; ++w) text += words[random.Below(words.size())] + " ";
    text += std::to_string(random.Below(1'000'000));
    const bool weak = random.Uniform() < (hard ? 0.1 : 0.85), strong = random.Uniform() < 0.9;
    table.samples.push_back({text, hard ? "sum" : "tale", {strong ? 1.0f : 0.0f, weak ? 1.0f : 0.0f}});
  }
  return table;
}

const std::string kSumText = "solve the equation modulo the product of integers 77";
const std::string kTaleText = "tell me a story about the castle and a dragon 77";

class EachRouter : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Router> Fitted(const RoutingTable& table, uint64_t seed = 1) const {
    std::unique_ptr<Router> router = (*AllRouters().Find(GetParam()))();
    const auto fitted = router->Fit(table, {.embedder = embedder_, .seed = seed, .parameters = {}});
    EXPECT_TRUE(fitted) << fitted.error().ToString();
    return router;
  }
  std::shared_ptr<const TextEmbedder> embedder_ = std::make_shared<HashedNgrams>(HashedNgramOptions{.dimensions = 64});
};

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& [name, factory] : AllRouters().All()) names.push_back(name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Routers, EachRouter, testing::ValuesIn(Names()), [](const auto& router) { return router.param; });

TEST_P(EachRouter, SendsWhatIsHardToTheStrongArm) {
  const auto router = Fitted(World(1, 800));
  if (GetParam() == "random") GTEST_SKIP() << "random looks at nothing";
  const auto hard = router->Utility(kSumText), easy = router->Utility(kTaleText);
  ASSERT_EQ(hard.size(), 2u);
  EXPECT_GT(hard[0].score - hard[1].score, easy[0].score - easy[1].score + 0.1);
  EXPECT_EQ(router->arms()[router->Choose(kTaleText, 0.0)], "weak");
}

// The dial needs no training: raising it never lowers the predicted score of the choice, nor its cost where cost buys score.
TEST_P(EachRouter, TheDialIsMonotone) {
  const auto router = Fitted(World(2, 300));
  for (const RoutingSample& sample : World(3, 30).samples) {
    const auto u = router->Utility(sample.text);
    double before = -1e9;
    for (int step = 0; step <= 20; ++step) {
      const double now = u[router->ChooseFrom(u, step / 20.0)].score;
      EXPECT_GE(now, before);
      before = now;
    }
    EXPECT_EQ(before, std::max(u[0].score, u[1].score));
  }
}

TEST_P(EachRouter, IsAFunctionOfTableAndSeed) {
  const RoutingTable table = World(4, 200);
  const auto a = Fitted(table, 7)->Utility(kSumText), b = Fitted(table, 7)->Utility(kSumText);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(a[i].score, b[i].score);
}

TEST_P(EachRouter, LivesWithMissingScoresAndOneSample) {
  RoutingTable table = World(5, 200);
  for (size_t i = 0; i < table.samples.size(); i += 3) table.samples[i].score[i % 2] = kNoScore;
  for (const ArmUtility& u : Fitted(table)->Utility(kSumText)) {
    EXPECT_TRUE(std::isfinite(u.score));
    EXPECT_TRUE(!u.interval || u.interval->Contains(u.score));
  }
  table.samples.resize(2);
  for (const ArmUtility& u : Fitted(table)->Utility("")) EXPECT_TRUE(std::isfinite(u.score));
}

TEST_P(EachRouter, TheDialForAShareGivesIt) {
  const RoutingTable table = World(6, 400);
  const auto router = Fitted(table);
  const FeatureMatrix features = EmbedTexts(World(7, 300), *embedder_);
  for (const double share : {0.1, 0.3}) {
    const auto dial = router->DialForShare(features, share);
    ASSERT_TRUE(dial);
    double calls = 0;
    for (size_t i = 0; i < features.rows(); ++i) calls += router->ChooseFrom(router->Utility(features.Row(i)), *dial) == 0;
    // Means over neighbours tie often, and what ties stays with the cheaper arm.
    EXPECT_NEAR(calls / static_cast<double>(features.rows()), share, GetParam() == "knn" ? 0.15 : 0.02);
  }
}

TEST_P(EachRouter, BadParametersAndFeaturesAreRefused) {
  std::unique_ptr<Router> router = (*AllRouters().Find(GetParam()))();
  const RoutingTable table = World(8, 20);
  EXPECT_TRUE(router->Utility("before").empty());
  EXPECT_EQ(router->Fit(table, {.parameters = {{"no_such", 1}}}).error().code(), StatusCode::kNotFound);
  for (const RouterParameter& p : router->parameters()) {
    EXPECT_GE(p.fallback, p.low);
    EXPECT_LE(p.fallback, p.high);
    const auto refused = router->Fit(table, {.parameters = {{p.name, p.high + 1}}});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message(), testing::HasSubstr(p.name));
  }
  const FeatureMatrix other = EmbedTexts(table, HashedNgrams({.dimensions = 8}));
  EXPECT_THAT(router->Fit(table, other, {.embedder = embedder_}).error().message(), testing::HasSubstr("same embedder"));
}

std::unique_ptr<Router> Unfitted(const std::string& name) {
  return (*AllRouters().Find(name))();
}

TEST(Router, WinsOfExpectedDifferencesGiveBackTheDifferences) {
  const std::vector<double> score = {0.2, 0.5, 0.9};
  std::vector<double> win;
  for (const double a : score) {
    for (const double b : score) win.push_back(0.5 + (a - b) / 2);
  }
  const auto u = UtilityFromWins(win, 3, 0.4);
  EXPECT_NEAR(u[2].score - u[0].score, 0.7, 1e-12);
  EXPECT_NEAR(u[1].score - u[0].score, 0.3, 1e-12);
}

TEST(Router, KnnAveragesTheNearest) {
  RoutingTable table{.arms = {"a", "b"}, .arm_cost = {1, 2}, .samples = {}};
  for (int i = 0; i < 4; ++i) table.samples.push_back({"the cat sat on the mat", "", {i < 3 ? 1.0f : 0.0f, 0.5f}});
  for (int i = 0; i < 4; ++i) table.samples.push_back({"prove that 91 = 7 * 13 ?", "", {0, 1}});
  const auto router = Unfitted("knn");
  ASSERT_TRUE(router->Fit(table, {.parameters = {{"neighbours", 4}}}));
  const auto u = router->Utility("the cat sat on the mat");
  EXPECT_NEAR(u[0].score, 0.75, 1e-12);
  EXPECT_NEAR(u[1].score, 0.5, 1e-12);
  // Wilson's interval of 3 in 4, by its formula: (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).
  EXPECT_NEAR(u[0].interval->low, 0.3006, 1e-3);
  EXPECT_NEAR(u[0].interval->high, 0.9544, 1e-3);
}

// With one text everywhere all weights are equal, and Bradley-Terry with three arms has to give back the strengths that the games came
// from.
TEST(Router, SimilarityWeightedFindsTheStrengths) {
  RoutingTable table{.arms = {"a", "b", "c"}, .arm_cost = {1, 2, 3}, .samples = {}};
  const std::vector<double> strength = {1, 2, 4};
  Random random(3);
  for (int i = 0; i < 6000; ++i) {
    const size_t a = random.Below(3), b = (a + 1 + random.Below(2)) % 3;
    std::vector<float> score(3, kNoScore);
    const bool won = random.Uniform() < strength[a] / (strength[a] + strength[b]);
    score[a] = won ? 1.0f : 0.0f;
    score[b] = won ? 0.0f : 1.0f;
    table.samples.push_back({"one text", "", score});
  }
  const auto router = Unfitted("similarity_weighted");
  ASSERT_TRUE(router->Fit(table, {}));
  const auto u = router->Utility("one text");
  // Mean over b of 2 P - 1: of a (1/3, 1/5), of b (2/3, 1/3), of c (4/5, 2/3).
  EXPECT_NEAR(u[1].score - u[0].score, (2 * (2.0 / 3 + 1.0 / 3) - 2) / 3 - (2 * (1.0 / 3 + 1.0 / 5) - 2) / 3, 0.03);
  EXPECT_NEAR(u[2].score - u[0].score, (2 * (4.0 / 5 + 2.0 / 3) - 2) / 3 - (2 * (1.0 / 3 + 1.0 / 5) - 2) / 3, 0.03);
}

// The weak arm is always a little worse: without relaxation every label is "hard", and nothing can be told apart; the chosen one halves
// them.
TEST(Router, DifficultyRelaxesWhereTheWeakArmIsAlwaysWorse) {
  RoutingTable table = World(9, 600);
  for (RoutingSample& sample : table.samples) sample.score = {0.9f, sample.group == "sum" ? 0.3f : 0.8f};
  const auto strict = Unfitted("difficulty"), relaxed = Unfitted("difficulty");
  ASSERT_TRUE(strict->Fit(table, {.parameters = {{"relaxation", 0}}}));
  ASSERT_TRUE(relaxed->Fit(table, {}));
  const auto lead = [&](const Router& r) { return r.Utility(kTaleText)[1].score - r.Utility(kSumText)[1].score; };
  EXPECT_GT(lead(*relaxed), 0.5);
  EXPECT_LT(lead(*strict), 0.2);
}

// Eight arms, each good at one of two topics. Six are trained with; two that come later need their scores alone.
TEST(Router, ContrastiveTakesNewArmsWithoutTraining) {
  RoutingTable table = World(10, 1200);
  table.arms.clear();
  table.arm_cost.clear();
  Random random(4);
  std::vector<std::vector<float>> scores(8);
  for (size_t a = 0; a < 8; ++a) {
    for (const RoutingSample& sample : table.samples) {
      const bool good = (a % 2 == 0) == (sample.group == "sum");
      scores[a].push_back(random.Uniform() < (good ? 0.9 : 0.2) ? 1.0f : 0.0f);
    }
  }
  for (size_t a = 0; a < 6; ++a) table.arms.push_back("arm" + std::to_string(a)), table.arm_cost.push_back(10 + static_cast<double>(a));
  for (size_t i = 0; i < table.samples.size(); ++i) {
    table.samples[i].score.clear();
    for (size_t a = 0; a < 6; ++a) table.samples[i].score.push_back(scores[a][i]);
  }
  const auto router = Unfitted("contrastive");
  ASSERT_TRUE(router->Fit(table, {}));
  const FeatureMatrix features = EmbedTexts(table, router->embedder());
  ASSERT_TRUE(router->AddArm("late_sums", 1, features, scores[6]));
  ASSERT_TRUE(router->AddArm("late_tales", 1, features, scores[7]));
  EXPECT_FALSE(router->AddArm("late_tales", 1, features, scores[7]));
  const auto sum = router->Utility(kSumText), tale = router->Utility(kTaleText);
  EXPECT_GT(sum[6].score, sum[7].score);
  EXPECT_GT(tale[7].score, tale[6].score);
  // They are cheaper than their likes, and no worse.
  EXPECT_EQ(router->arms()[router->Choose(kSumText, 0.7)], "late_sums");
  EXPECT_EQ(router->arms()[router->Choose(kTaleText, 0.7)], "late_tales");
  EXPECT_EQ(Unfitted("knn")->AddArm("x", 1, features, scores[6]).error().code(), StatusCode::kUnsupported);
}

// Told one outcome at a time, the inverse that is updated must be the one that fitting computes at once.
TEST(Router, LinucbLearnsOnlineWhatItFitsAtOnce) {
  const RoutingTable table = World(11, 60);
  RoutingTable first = table;
  first.samples.resize(20);
  const auto at_once = Unfitted("linucb"), online = Unfitted("linucb");
  const auto embedder = std::make_shared<HashedNgrams>(HashedNgramOptions{.dimensions = 32});
  ASSERT_TRUE(at_once->Fit(table, {.embedder = embedder}));
  ASSERT_TRUE(online->Fit(first, {.embedder = embedder}));
  for (size_t i = 20; i < 60; ++i) {
    for (size_t a = 0; a < 2; ++a) online->Learn(embedder->Embed(table.samples[i].text), a, table.samples[i].score[a]);
  }
  for (size_t a = 0; a < 2; ++a) EXPECT_NEAR(at_once->Utility(kSumText)[a].score, online->Utility(kSumText)[a].score, 1e-8);
}

// Starting from two outcomes, it sees only what it chose; after a while it earns more than either arm alone would.
TEST(Router, LinucbEarnsMoreThanEitherArm) {
  const RoutingTable stream = World(12, 1500);
  RoutingTable start = stream;
  start.samples.resize(2);
  const auto router = Unfitted("linucb");
  const auto embedder = std::make_shared<HashedNgrams>(HashedNgramOptions{.dimensions = 32});
  ASSERT_TRUE(router->Fit(start, {.embedder = embedder}));
  const double dial = 0.75;
  std::vector<double> earned(3, 0);
  for (size_t i = 2; i < stream.samples.size(); ++i) {
    const auto x = embedder->Embed(stream.samples[i].text);
    const size_t arm = router->ChooseFrom(router->Utility(x), dial);
    router->Learn(x, arm, stream.samples[i].score[arm]);
    if (i < 500) continue;
    for (size_t a = 0; a < 3; ++a) {
      const size_t taken = a == 2 ? arm : a;
      earned[a] += dial * stream.samples[i].score[taken] - (1 - dial) * stream.arm_cost[taken] / 20;
    }
  }
  EXPECT_GT(earned[2], 1.05 * std::max(earned[0], earned[1]));
}

// The optimality-preserving property (arXiv:2501.09410) as the classifier's separate heads have it: trained with a subset of
// the arms, they choose as those trained with all do.
TEST(Router, GatesTrainedOnceServeEverySelection) {
  RoutingTable all = World(13, 300);
  all.arms.push_back("third");
  all.arm_cost.push_back(5);
  for (RoutingSample& sample : all.samples) sample.score.push_back(sample.group == "sum" ? 0.6f : 0.3f);
  RoutingTable two = all;
  two.arms.erase(two.arms.begin());
  two.arm_cost.erase(two.arm_cost.begin());
  for (RoutingSample& sample : two.samples) sample.score.erase(sample.score.begin());
  const auto of_all = Unfitted("classifier"), of_two = Unfitted("classifier");
  ASSERT_TRUE(of_all->Fit(all, {}));
  ASSERT_TRUE(of_two->Fit(two, {}));
  for (const std::string& text : {kSumText, kTaleText, std::string("what is the remainder of a dragon")}) {
    const auto a = of_all->Utility(text), b = of_two->Utility(text);
    for (size_t k = 0; k < 2; ++k) EXPECT_NEAR(a[k + 1].score, b[k].score, 1e-4);
  }
}

TEST(EvaluateRouter, JudgesOnOtherTablesAndRefusesWhatWasTrainedOn) {
  const RoutingTable train = World(20, 500), test = World(21, 300);
  const auto results = EvaluateRouter("classifier", train, {&test}, {.seeds = {1, 2}, .curve = {.resamples = 50}});
  ASSERT_TRUE(results) << results.error().ToString();
  EXPECT_GT((*results)[0].metrics.apgr.value, 0.65);  // half of the calls bring nearly all of the lead
  EXPECT_LT((*results)[0].metrics.cpt80.value, 0.5);
  EXPECT_EQ((*results)[0].curves.size(), 2u);
  const auto lot = EvaluateRouter("random", train, {&test}, {.curve = {.resamples = 50}});
  EXPECT_NEAR((*lot)[0].metrics.apgr.value, 0.5, 0.1);
  EXPECT_THAT(EvaluateRouter("knn", train, {&train}, {}).error().message(), testing::HasSubstr("was trained on"));
  EXPECT_THAT(EvaluateRouter("nobody", train, {&test}, {}).error().message(), testing::HasSubstr("knn"));
}

TEST(EvaluateRouter, HalvesTrainOnOtherGroupsAndCarryUnchanged) {
  RoutingTable table = World(22, 400);
  for (size_t i = 0; i < table.samples.size(); ++i) table.samples[i].group = "g" + std::to_string(i % 9);
  table.samples[1].text = table.samples[0].text;  // one question in two groups: it may be tested, not trained on
  const RoutingTable other = World(23, 200);
  const EvaluateOptions options = {.curve = {.resamples = 50}};
  const auto results = EvaluateOnHalves("difficulty", table, {&other}, {.splits = {1, 2, 3, 4}}, options);
  ASSERT_TRUE(results) << results.error().ToString();
  ASSERT_EQ(results->size(), 2u);
  EXPECT_EQ((*results)[0].curves.size(), 4u);
  EXPECT_GT((*results)[0].metrics.apgr.interval.low, 0.55);
  EXPECT_GT((*results)[1].metrics.apgr.value, 0.6);
  // As one split by hand, in another way: the first curve is that of the split's seed.
  auto [train, test] = SplitInHalves(table, 1);
  std::vector<std::string> keys;
  for (const RoutingSample& sample : test.samples) keys.push_back(QuestionKey(sample.text));
  DropQuestions(train, keys);
  const auto by_hand = EvaluateRouter("difficulty", train, {&test}, options);
  ASSERT_TRUE(by_hand) << by_hand.error().ToString();
  EXPECT_EQ((*by_hand)[0].metrics.apgr.value, MeasureCurve((*results)[0].curves[0], options.curve).apgr.value);
}

}  // namespace
}  // namespace tradewind
