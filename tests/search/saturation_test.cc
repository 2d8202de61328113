// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// No sampled answers are recorded yet: everything here is simulated from stated distributions of difficulty.
#include "search/laws/saturation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

// One p for each solvable question: the mean of two uniforms to a power, or a Beta(1, b) by inversion; b = 0 means p = `rate` for all.
struct Difficulties {
  double ceiling = 0.8;
  double rate = 0.1;
  double b = 0;  // of Beta(1, b), whose mean is 1 / (1 + b)
};

double DrawRate(Random& random, const Difficulties& task) {
  if (random.Uniform() >= task.ceiling) return 0;
  return task.b == 0 ? task.rate : 1 - std::pow(1 - random.Uniform(), 1 / task.b);
}

Outcomes Simulate(const Difficulties& task, Paradigm paradigm, int questions, int budget, uint64_t seed) {
  Random random(seed);
  Outcomes outcomes = {paradigm, {}, budget};
  for (int q = 0; q < questions; ++q) {
    const double p = DrawRate(random, task);
    int correct = 0, first = 0;
    for (int n = 1; n <= budget; ++n) {
      if (random.Uniform() >= p) continue;
      ++correct;
      if (first == 0) first = n;
    }
    outcomes.questions.push_back(paradigm == Paradigm::kParallel ? correct : first);
  }
  return outcomes;
}

// F(N) of the same task from its definition: 1 - E (1 - p)^N with p ~ Beta(1, b) is N / (N + b).
double TrueAccuracy(const Difficulties& task, int64_t n) {
  const auto tries = static_cast<double>(n);
  return task.ceiling * (task.b == 0 ? 1 - std::pow(1 - task.rate, tries) : tries / (tries + task.b));
}

int64_t TruePoint(const Difficulties& task, double epsilon) {
  int64_t n = 0;
  while (TrueAccuracy(task, n + 1) - TrueAccuracy(task, n) > epsilon) ++n;
  return n;
}

TEST(Saturation, PointIsTheClosedFormOfThePaper) {
  for (const double rate : {0.02, 0.1, 0.5, 0.9}) {
    for (const double epsilon : {0.001, 0.003, 0.01}) {
      const SaturationCurve curve = {0.8, rate, 0};
      const double exact = std::log(epsilon / (0.8 * rate)) / std::log(1 - rate);
      EXPECT_EQ(curve.SaturationPoint(epsilon), static_cast<int64_t>(std::ceil(exact))) << rate << " " << epsilon;
    }
  }
}

TEST(Saturation, GainIsTheDifferenceOfTheCurve) {
  for (const double spread : {0.0, 0.1, 2.0}) {
    const SaturationCurve curve = {0.7, 0.2, spread};
    for (const int64_t n : {0, 1, 5, 40}) EXPECT_NEAR(curve.Gain(n), curve.At(n + 1) - curve.At(n), 1e-12) << spread << " " << n;
  }
}

// Beta(1, b) has rate 1 / (1 + b) and spread 1 / (1 + b), and misses with b / (b + N).
TEST(Saturation, SpreadCurveIsTheBetaMean) {
  const SaturationCurve curve = {1, 1.0 / 9, 1.0 / 9};
  for (const int64_t n : {1, 3, 100}) EXPECT_NEAR(curve.At(n), static_cast<double>(n) / (static_cast<double>(n) + 8), 1e-12);
}

TEST(Saturation, LimitsOfTheRate) {
  EXPECT_EQ((SaturationCurve{0.9, 1, 0}.SaturationPoint(0.01)), 1);  // the first sample solves all that can be solved
  EXPECT_DOUBLE_EQ((SaturationCurve{0.9, 1, 0}.At(1)), 0.9);
  EXPECT_EQ((SaturationCurve{0.9, 0, 0}.SaturationPoint(0.01)), 0);  // nothing is ever solved
  EXPECT_EQ((SaturationCurve{0.9, 0, 0}.At(1000)), 0);
  EXPECT_EQ((SaturationCurve{0.9, 1e-6, 0}.SaturationPoint(0.01)), 0);  // too slow to pay even once
  EXPECT_NEAR((SaturationCurve{0.9, 0.1, 1e-7}.At(7)), (SaturationCurve{0.9, 0.1, 0}.At(7)), 1e-6);
}

TEST(Saturation, ParallelCurveIsTheUnbiasedEstimate) {
  // One question, 2 of 4 correct: of the 6 pairs of samples, one holds none that is correct.
  const auto curve = AccuracyCurve({Paradigm::kParallel, {2}, 4});
  ASSERT_TRUE(curve);
  EXPECT_THAT(*curve, testing::ElementsAre(testing::DoubleNear(0.5, 1e-12), testing::DoubleNear(5.0 / 6, 1e-12), 1, 1));
}

TEST(Saturation, SequentialCurveCountsSolvedRounds) {
  EXPECT_THAT(*AccuracyCurve({Paradigm::kSequential, {0, 1, 3, 3}, 4}), testing::ElementsAre(0.25, 0.25, 0.75, 0.75));
}

TEST(Saturation, WrongOutcomesAreRefused) {
  EXPECT_FALSE(AccuracyCurve({Paradigm::kParallel, {5}, 4}));
  EXPECT_FALSE(AccuracyCurve({Paradigm::kParallel, {-1}, 4}));
  EXPECT_FALSE(AccuracyCurve({Paradigm::kParallel, {}, 4}));
  EXPECT_FALSE(AccuracyCurve({Paradigm::kParallel, {1}, 1}));
  EXPECT_FALSE(FitCurve(std::vector<double>{0.5, 1.5}, Difficulty::kSame));
  EXPECT_FALSE(FitSaturation({Paradigm::kParallel, {1}, 4}, {.epsilon = 0}));
}

TEST(Saturation, ExactCurvesAreRecovered) {
  const SaturationCurve truths[] = {{0.8, 0.1, 0}, {0.6, 0.03, 0}, {0.9, 0.15, 0.3}};
  for (const SaturationCurve& truth : truths) {
    std::vector<double> accuracies;
    for (int64_t n = 1; n <= 32; ++n) accuracies.push_back(truth.At(n));
    const auto fit = FitCurve(accuracies, truth.spread == 0 ? Difficulty::kSame : Difficulty::kSpread);
    ASSERT_TRUE(fit);
    EXPECT_NEAR(fit->ceiling, truth.ceiling, 2e-3);
    EXPECT_NEAR(fit->rate, truth.rate, 2e-3);
    EXPECT_NEAR(fit->spread, truth.spread, 2e-2);
  }
}

// The criterion of study 103, simulated: fitted on 400 questions, the point of the task that held-out questions come from within 20 %.
TEST(Saturation, PlantedPointsAreFoundWithinAFifth) {
  const Difficulties tasks[] = {{0.85, 0.3, 0}, {0.8, 0.12, 0}, {0.6, 0.06, 0}, {0.9, 0, 3}, {0.95, 0, 6}};
  for (const Difficulties& task : tasks) {
    for (const Paradigm paradigm : {Paradigm::kParallel, Paradigm::kSequential}) {
      const auto difficulty = task.b == 0 ? Difficulty::kSame : Difficulty::kSpread;
      const auto fit = FitSaturation(Simulate(task, paradigm, 400, 48, 5), {.difficulty = difficulty, .epsilon = 0.004, .resamples = 20});
      ASSERT_TRUE(fit);
      const auto truth = static_cast<double>(TruePoint(task, 0.004));
      EXPECT_NEAR(static_cast<double>(fit->saturation_point) / truth, 1, 0.2) << truth << " b=" << task.b;
    }
  }
}

// Stopping there on held-out questions of the task: at least 40 % of the tokens saved for at most one point.
TEST(Saturation, StoppingSavesTokensOnHeldOutQuestions) {
  const Difficulties tasks[] = {{0.85, 0.3, 0}, {0.8, 0.2, 0}, {0.9, 0.15, 0}};
  for (const Difficulties& task : tasks) {
    const auto fit = FitSaturation(Simulate(task, Paradigm::kParallel, 400, 64, 7), {.epsilon = 0.001, .resamples = 20});
    ASSERT_TRUE(fit);
    const auto held_out = AccuracyCurve(Simulate(task, Paradigm::kParallel, 400, 64, 8));
    const StopSaving saving = SavingOfStopping(*held_out, fit->saturation_point);
    EXPECT_GE(saving.tokens_saved, 0.4) << task.rate;
    EXPECT_LE(saving.accuracy_lost, 0.01) << task.rate;
  }
}

// With questions that differ, one p for all stops much too early, and the spread model does not: why it is there.
TEST(Saturation, OnePForAllStopsTooEarlyWhereQuestionsDiffer) {
  const Difficulties task = {0.95, 0, 6};
  const Outcomes outcomes = Simulate(task, Paradigm::kParallel, 2000, 32, 9);
  const auto curve = AccuracyCurve(outcomes);
  const auto same = FitCurve(*curve, Difficulty::kSame), spread = FitCurve(*curve, Difficulty::kSpread);
  const int64_t truth = TruePoint(task, 0.002);
  EXPECT_LT(static_cast<double>(same->SaturationPoint(0.002)), 0.7 * static_cast<double>(truth));
  EXPECT_NEAR(static_cast<double>(spread->SaturationPoint(0.002)) / static_cast<double>(truth), 1, 0.15);
}

TEST(Saturation, IntervalsCoverThePlantedValues) {
  int ceiling = 0, rate = 0, point = 0;
  constexpr int kTrials = 100;
  const Difficulties task = {0.7, 0.15, 0};
  for (int i = 0; i < kTrials; ++i) {
    const auto fit = FitSaturation(Simulate(task, Paradigm::kParallel, 200, 24, 100 + static_cast<uint64_t>(i)),
                                   {.epsilon = 0.005, .confidence = 0.9, .resamples = 100, .seed = static_cast<uint64_t>(i)});
    ceiling += fit->ceiling.Contains(task.ceiling) ? 1 : 0;
    rate += fit->rate.Contains(task.rate) ? 1 : 0;
    point += fit->point.Contains(static_cast<double>(TruePoint(task, 0.005))) ? 1 : 0;
  }
  // 0.9 less three and a half standard deviations of 100 trials.
  EXPECT_GE(ceiling, 79);
  EXPECT_GE(rate, 79);
  EXPECT_GE(point, 79);
}

}  // namespace
}  // namespace tradewind
