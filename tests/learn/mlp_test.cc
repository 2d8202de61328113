// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/mlp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;

Values Normals(Random& random, size_t n) {
  Values values(n);
  for (double& v : values) v = random.Normal();
  return values;
}

struct Case {
  MlpHead head;
  MlpLoss loss;
  size_t outputs;
};

TEST(Mlp, GradientIsTheDifferences) {
  Random random(1);
  for (const Case& c : {Case{MlpHead::kLinear, MlpLoss::kSquares, 2}, Case{MlpHead::kSigmoid, MlpLoss::kSquares, 2},
                        Case{MlpHead::kSoftmax, MlpLoss::kSquares, 3}, Case{MlpHead::kSigmoid, MlpLoss::kCrossEntropy, 2},
                        Case{MlpHead::kSoftmax, MlpLoss::kCrossEntropy, 3}, Case{MlpHead::kLinear, MlpLoss::kRanking, 1}}) {
    const MlpShape shape = {.inputs = 3, .hidden = {5, 4}, .outputs = c.outputs, .head = c.head};
    Values parameters = Normals(random, shape.Parameters());
    const Values rows = Normals(random, 7 * 3);
    Values y(7 * c.outputs);
    for (double& v : y) v = random.Uniform();
    const MlpLossOptions options = {c.loss, 0.5};
    Values gradient(parameters.size()), unused(parameters.size());
    MlpGradient(shape, parameters, rows, y, options, gradient);
    for (size_t i = 0; i < parameters.size(); ++i) {
      const double at = parameters[i], step = 1e-6;
      parameters[i] = at + step;
      const double up = MlpGradient(shape, parameters, rows, y, options, unused);
      parameters[i] = at - step;
      const double down = MlpGradient(shape, parameters, rows, y, options, unused);
      parameters[i] = at;
      EXPECT_NEAR(gradient[i], (up - down) / (2 * step), 1e-6) << static_cast<int>(c.loss) << " " << static_cast<int>(c.head) << " " << i;
    }
  }
}

// By hand: two inputs, two hidden units, one output.
TEST(Mlp, OutputInClosedForm) {
  const MlpShape shape = {.inputs = 2, .hidden = {2}};
  const Values parameters = {1, 2, -1, 1, 0.5, 0, 3, -4, 0.25};  // units relu(x + 2 y + 0.5) and relu(y - x); 3 a - 4 b + 0.25
  EXPECT_EQ(shape.Parameters(), 9U);
  const Values out = MlpOutput(shape, parameters, Values{1, 2, 1, -3});
  EXPECT_DOUBLE_EQ(out[0], 3 * 5.5 - 4 * 1 + 0.25);
  EXPECT_DOUBLE_EQ(out[1], 0.25);
  const MlpShape soft = {.inputs = 1, .outputs = 2, .head = MlpHead::kSoftmax};
  EXPECT_NEAR(MlpOutput(soft, Values{1, 0, 0, 0}, Values{std::log(3)})[0], 0.75, 1e-15);
}

TEST(Mlp, FindsTheLineThatMadeTheData) {
  Random random(2);
  const Values rows = Normals(random, 400);
  Values y;
  for (size_t i = 0; i < 200; ++i) y.push_back(3 * rows[2 * i] - 2 * rows[2 * i + 1] + 1);
  const MlpShape shape = {.inputs = 2};
  Values parameters = InitialMlp(shape, 3);
  const auto loss = TrainMlp(shape, rows, y, {.adam = {.rate = 0.02}, .epochs = 300}, parameters);
  ASSERT_TRUE(loss);
  EXPECT_LT(*loss, 1e-12);
  EXPECT_NEAR(parameters[0], 3, 1e-6);
  EXPECT_NEAR(parameters[1], -2, 1e-6);
  EXPECT_NEAR(parameters[2], 1, 1e-6);
}

TEST(Mlp, LearnsWhatNoLineCan) {  // exclusive or
  const Values rows = {0, 0, 0, 1, 1, 0, 1, 1}, y = {0, 1, 1, 0};
  const MlpShape shape = {.inputs = 2, .hidden = {16}, .outputs = 1, .head = MlpHead::kSigmoid};
  Values parameters = InitialMlp(shape, 1);
  const auto loss = TrainMlp(shape, rows, y, {.loss = {MlpLoss::kCrossEntropy}, .adam = {.rate = 0.02}, .epochs = 600}, parameters);
  ASSERT_TRUE(loss);
  EXPECT_LT(*loss, 1e-3);
  const Values out = MlpOutput(shape, parameters, rows);
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(out[i], y[i], 4e-3);
}

TEST(Mlp, RankingOrdersWithoutFittingValues) {
  Random random(4);
  const Values rows = Normals(random, 120);
  Values y;
  for (size_t i = 0; i < 60; ++i) y.push_back(std::exp(4 * rows[2 * i] + rows[2 * i + 1]));
  const MlpShape shape = {.inputs = 2};
  Values parameters = InitialMlp(shape, 5);
  ASSERT_TRUE(TrainMlp(shape, rows, y, {.loss = {MlpLoss::kRanking, 0.1}, .adam = {.rate = 0.02}, .epochs = 300, .batch = 20}, parameters));
  const Values out = MlpOutput(shape, parameters, rows);
  int wrong = 0;
  for (size_t i = 0; i < 60; ++i) {
    for (size_t j = 0; j < 60; ++j) wrong += y[i] > y[j] && out[i] <= out[j] ? 1 : 0;
  }
  EXPECT_LT(wrong, 20);  // of 1,770 pairs
}

TEST(Mlp, TheSeedsDecide) {
  const MlpShape shape = {.inputs = 2, .hidden = {4}};
  EXPECT_EQ(InitialMlp(shape, 1), InitialMlp(shape, 1));
  EXPECT_NE(InitialMlp(shape, 1), InitialMlp(shape, 2));
  Values a = InitialMlp(shape, 1), b = a;
  const Values rows = {1, 2, 3, 4, 5, 6}, y = {1, 0, 1};
  ASSERT_TRUE(TrainMlp(shape, rows, y, {.epochs = 5, .batch = 1}, a) && TrainMlp(shape, rows, y, {.epochs = 5, .batch = 1}, b));
  EXPECT_EQ(a, b);
}

// The first step of Adam is the rate, whatever the gradient's size (arXiv:1412.6980, section 2.1).
TEST(Adam, FirstStepIsTheRate) {
  Adam adam(2, {.rate = 0.1});
  Values parameters = {1, 1};
  adam.Step(Values{1e-3, -1e3}, parameters);
  EXPECT_NEAR(parameters[0], 0.9, 1e-5);
  EXPECT_NEAR(parameters[1], 1.1, 1e-5);
}

TEST(Mlp, RefusesBadShapes) {
  Values parameters(3);
  const Values rows = {1, 2}, y = {1};
  EXPECT_FALSE(TrainMlp({.inputs = 2, .hidden = {4}}, rows, y, {}, parameters));
  EXPECT_FALSE(TrainMlp({.inputs = 2}, rows, Values{1, 2}, {}, parameters));
  EXPECT_FALSE(TrainMlp({.inputs = 2}, rows, y, {.loss = {MlpLoss::kCrossEntropy}}, parameters));
  EXPECT_FALSE(TrainMlp({.inputs = 2}, rows, y, {.batch = 0}, parameters));
  EXPECT_TRUE(TrainMlp({.inputs = 2}, rows, y, {}, parameters));
}

}  // namespace
}  // namespace tradewind
