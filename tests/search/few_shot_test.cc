// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests few_shot.cc, few_shot_training.cc and few_shot_file.cc.
#include "search/predictors/few_shot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "search/device_family.h"
#include "search/predictors/few_shot_internal.h"
#include "search/predictors/mlp.h"
#include "search/predictors/rank_correlation.h"

namespace tradewind {
namespace {

FewShotData Split(const LatencyTable& table, size_t train, size_t valid, size_t architectures, size_t references) {
  FewShotData data;
  for (size_t d = 0; d < train; ++d) data.train.push_back(d);
  for (size_t d = train; d < train + valid; ++d) data.valid.push_back(d);
  for (size_t a = 0; a < std::min(architectures, table.architectures()); ++a) data.architectures.push_back(a);
  for (size_t r = 0; r < references; ++r) data.references.push_back(r);
  return data;
}

std::vector<Observation> Measure(const LatencyTable& table, size_t device, const FewShotData& data) {
  std::vector<Observation> out;
  for (const size_t r : data.references) out.push_back({table.features[r], table.latencies[device][r]});
  return out;
}

class FewShot : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    table_ = new LatencyTable(DeviceFamily(16, 600, 5));
    data_ = new FewShotData(Split(*table_, 10, 3, 400, 10));
    auto trained = TrainFewShot(*table_, *data_, {.episodes = 400, .hidden = 32, .modulation = 16});
    ASSERT_TRUE(trained) << trained.error().ToString();
    model_ = new std::shared_ptr<const FewShotModel>(std::make_shared<const FewShotModel>(std::move(*trained)));
  }
  static void TearDownTestSuite() {
    delete table_;
    delete data_;
    delete model_;
  }
  static inline LatencyTable* table_ = nullptr;
  static inline FewShotData* data_ = nullptr;
  static inline std::shared_ptr<const FewShotModel>* model_ = nullptr;
};

// Devices 13 to 15 and architectures 400 to 599 are of no training. The perceptron is fitted once: that takes longest.
TEST_F(FewShot, RanksUnseenDevicesAndBeatsAPerceptronOnTenSamples) {
  const std::vector<std::vector<double>> asked(table_->features.begin() + 400, table_->features.end());
  for (size_t device = 13; device < 16; ++device) {
    const std::vector<double> truth(table_->latencies[device].begin() + 400, table_->latencies[device].end());
    std::vector<double> latencies;
    for (const size_t r : data_->references) latencies.push_back(table_->latencies[device][r]);
    const double rho = SpearmanCorrelation(PredictLatencies(**model_, Adapt(**model_, latencies), asked), truth);
    EXPECT_GT(rho, 0.9) << "device " << device;
    if (device > 13) continue;
    MlpPredictor mlp(1);
    ASSERT_TRUE(mlp.Fit(Measure(*table_, device, *data_)));
    std::vector<double> theirs;
    for (const std::vector<double>& row : asked) theirs.push_back(mlp.Predict(row, 0.9).value);
    EXPECT_GT(rho, SpearmanCorrelation(theirs, truth) + 0.05);
  }
}

TEST_F(FewShot, IntervalsWidenWithConfidenceAndHoldMostOfWhatCame) {
  int inside = 0;
  int all = 0;
  for (size_t device = 13; device < 16; ++device) {
    FewShotPredictor predictor(*model_);
    ASSERT_TRUE(predictor.Fit(Measure(*table_, device, *data_)));
    for (size_t a = 400; a < 600; ++a, ++all) {
      const Prediction p = predictor.Predict(table_->features[a], 0.9);
      const Prediction narrow = predictor.Predict(table_->features[a], 0.5);
      EXPECT_TRUE(p.interval.Contains(p.value) && p.interval.low > 0);
      EXPECT_LT(narrow.interval.high, p.interval.high);
      inside += p.interval.Contains(table_->latencies[device][a]) ? 1 : 0;
    }
  }
  // Devices of one family: near 0.9, with room for three devices being few.
  EXPECT_GT(static_cast<double>(inside) / all, 0.75);
}

TEST_F(FewShot, AFasterMachineOfTheSameKindGivesProportionalPredictions) {
  FewShotPredictor one(*model_), other(*model_);
  std::vector<Observation> measured = Measure(*table_, 13, *data_);
  ASSERT_TRUE(one.Fit(measured));
  for (Observation& o : measured) o.value *= 1000;  // microseconds
  std::reverse(measured.begin(), measured.end());
  ASSERT_TRUE(other.Fit(measured));
  for (size_t a = 400; a < 420; ++a) {
    const double y = one.Predict(table_->features[a], 0.9).value;
    EXPECT_NEAR(other.Predict(table_->features[a], 0.9).value, 1000 * y, 2 * y);
  }
}

TEST_F(FewShot, AMissingReferenceIsCounted) {
  FewShotPredictor predictor(*model_);
  std::vector<Observation> measured = Measure(*table_, 13, *data_);
  measured.resize(8);
  const auto refused = predictor.Fit(measured);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("2 of the model's 10"), std::string::npos) << refused.error().message();
  measured = Measure(*table_, 13, *data_);
  measured[3].value = -1;
  EXPECT_FALSE(predictor.Fit(measured));
}

TEST_F(FewShot, TheSameSeedTrainsTheSameModel) {
  const FewShotOptions options{.episodes = 5, .hidden = 8, .modulation = 4, .seed = 9};
  const auto a = TrainFewShot(*table_, *data_, options);
  const auto b = TrainFewShot(*table_, *data_, options);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->Serialize(), b->Serialize());
}

// What a tested device's column says must not matter to training.
TEST_F(FewShot, HeldOutDevicesAreNotLookedAt) {
  const FewShotOptions options{.episodes = 5, .hidden = 8, .modulation = 4};
  LatencyTable other = *table_;
  for (size_t device = 13; device < 16; ++device) {
    for (double& y : other.latencies[device]) y = 1 + y * y;
  }
  EXPECT_EQ(TrainFewShot(*table_, *data_, options)->Serialize(), TrainFewShot(other, *data_, options)->Serialize());
}

TEST_F(FewShot, AModelComesBackFromItsTextWhole) {
  const std::string text = (*model_)->Serialize();
  const auto back = FewShotModel::Parse(text);
  ASSERT_TRUE(back) << back.error().ToString();
  EXPECT_EQ(back->Serialize(), text);
  std::vector<double> latencies;
  for (const size_t r : data_->references) latencies.push_back(table_->latencies[14][r]);
  const std::vector<std::vector<double>> asked(table_->features.begin() + 400, table_->features.begin() + 410);
  EXPECT_EQ(PredictLatencies(*back, Adapt(*back, latencies), asked), PredictLatencies(**model_, Adapt(**model_, latencies), asked));
}

TEST_F(FewShot, DamagedTextIsRefused) {
  const auto small = TrainFewShot(*table_, *data_, {.episodes = 1, .hidden = 2, .modulation = 1});
  ASSERT_TRUE(small);
  const std::string text = small->Serialize();
  EXPECT_FALSE(FewShotModel::Parse(""));
  EXPECT_FALSE(FewShotModel::Parse("tradewind few-shot 2\n" + text.substr(text.find('\n') + 1)));
  EXPECT_FALSE(FewShotModel::Parse(text + "more\n"));
  for (size_t cut = 1; cut + 1 < text.size(); cut += 97) EXPECT_FALSE(FewShotModel::Parse(text.substr(0, cut))) << cut;
  std::string lie = text;
  const size_t shape = lie.find("shape 8 ") + 8;
  lie.replace(shape, lie.find(' ', shape) - shape, "0x1p+15");
  const auto refused = FewShotModel::Parse(lie);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where(), "line 4");
  std::string nan = text;
  const size_t mean = nan.find("mean ");
  nan.replace(nan.find(' ', mean + 5) + 1, 3, "nan");
  EXPECT_FALSE(FewShotModel::Parse(nan));
}

TEST_F(FewShot, TooLittleToTrainOnIsRefused) {
  FewShotData data = *data_;
  data.train = {0};
  EXPECT_FALSE(TrainFewShot(*table_, data, {}));
  data = *data_;
  data.references = {1, 2};
  EXPECT_FALSE(TrainFewShot(*table_, data, {}));
  data = *data_;
  data.architectures.resize(25);
  EXPECT_FALSE(TrainFewShot(*table_, data, {}));
  data = *data_;
  data.valid = {99};
  EXPECT_FALSE(TrainFewShot(*table_, data, {}));
}

TEST(FewShotInternal, AdaptationLessensTheErrorOnTheReferences) {
  const NetShape shape{.features = 2, .embedding = 3, .hidden = 6, .modulation = 3};
  Random random(2);
  const FewShotMember member{InitialParameters(shape, random), std::vector<float>(shape.ParameterCount(), 0.02F)};
  const std::vector<float> x = {1, 0, 0, 1, -1, -1};
  const std::vector<float> y = {1, 0.2F, -1.2F};
  std::vector<float> gradient(shape.ParameterCount());
  const float before = LossAndGradient(shape, member.start, x, y, y, gradient);
  const std::vector<float> adapted = InnerAdapt(shape, 5, member, x, y, {});
  EXPECT_LT(LossAndGradient(shape, adapted, x, y, y, gradient), before);
}

}  // namespace
}  // namespace tradewind
