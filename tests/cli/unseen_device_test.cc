// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind search --from`: the frontier of a device that nobody searched. Tests search/unseen_device.cc, cli/unseen_device.cc and their
// part of commands/search.cc through the built program.
#include "search/unseen_device.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "cli/program.h"
#include "recorded/library.h"
#include "search/predictors/rank_correlation.h"
#include "search/transfer_frontier.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class UnseenDeviceTest : public CommandsTest {
 protected:
  void SetUp() override {
    const auto data = SharedPath("assets/nas/nb201_acc_latency_joined.csv");
    if (!data) GTEST_SKIP() << "absent: assets/nas/nb201_acc_latency_joined.csv";
    SetEnvironment("TRADEWIND_DATA", std::filesystem::path(*data).parent_path().parent_path().string());
  }
  // Files what other devices give for the same settings in a store of theirs.
  void Fill(const std::vector<std::string>& devices, const std::string& trials) {
    SetEnvironment("TRADEWIND_STORE", others_);
    for (const std::string& device : devices) {
      const Ran ran =
          Run({"search", "nasbench201", "--device", device, "--strategy", "random", "--seed", "1", "--trials", trials, "--json"});
      ASSERT_EQ(ran.code, 0) << ran.err;
    }
    SetEnvironment("TRADEWIND_STORE", Path("profile.db"));
  }
  Ran From(std::vector<std::string> more) {
    more.insert(more.begin(), {"search", "nasbench201", "--from", others_});
    return Run(more);
  }
  const std::string others_ = Path("others.db");
};

const nlohmann::json& MetricOf(const nlohmann::json& point, const std::string& metric) {
  for (const auto& m : point["measurements"]) {
    if (m["metric"] == metric) return m;
  }
  static const nlohmann::json none;
  return none;
}

TEST_F(UnseenDeviceTest, TenMeasurementsGiveMostOfTheFrontier) {
  Fill({"1080ti_1", "silver_4114", "samsung_a50", "essential_ph_1", "samsung_s7", "titanx_32"}, "150");
  const Ran ran = From({"--device", "raspi4", "--samples", "10", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json json = ran.Json();
  EXPECT_EQ(json["measured"], 10);
  EXPECT_EQ(json["samples"].size(), 10u);
  EXPECT_EQ(json["device"], "nasbench201/raspi4");
  EXPECT_EQ(json["predicted"], nlohmann::json({"latency_ms"}));
  EXPECT_EQ(json["carried"], nlohmann::json({"cifar100_accuracy_percent"}));
  EXPECT_EQ(json["trained_on"].size() + json["validated_on"].size(), 6u);
  ASSERT_EQ(json["points"].size(), 150u);

  const auto truth = OpenRecorded("nasbench201", "raspi4", "");
  ASSERT_TRUE(truth) << truth.error().ToString();
  std::vector<double> quality, predicted, real;
  size_t measured = 0, inside = 0;
  for (const auto& point : json["points"]) {
    const auto setting = Setting::Parse(point["setting_text"].get<std::string>(), (*truth)->knobs());
    const Point known = (*truth)->Lookup(*setting).value();
    const nlohmann::json& latency = MetricOf(point, "latency_ms");
    quality.push_back(MetricOf(point, "cifar100_accuracy_percent")["value"]);
    EXPECT_EQ(quality.back(), known.Find("cifar100_accuracy_percent")->value);
    predicted.push_back(latency["value"]);
    real.push_back(known.Find("latency_ms")->value);
    if (latency["origin"] == "modelled") {
      inside += latency["interval"][0] <= real.back() && real.back() <= latency["interval"][1] ? 1 : 0;
    } else {
      EXPECT_EQ(predicted.back(), real.back()) << "what was measured is not predicted";
      ++measured;
    }
  }
  EXPECT_EQ(measured, 10u);
  EXPECT_GT(SpearmanCorrelation(predicted, real), 0.8);
  EXPECT_GT(inside, 70u) << "of 140, whose intervals say 90 %";
  EXPECT_GT(TransferFrontier(quality, predicted, real).share, 0.9);

  // Begun again it measures nothing, and says the same.
  const Ran again = From({"--device", "raspi4", "--json"});
  EXPECT_EQ(again.Json()["measured"], 0);
  EXPECT_EQ(again.Json()["reused"], 10);
  EXPECT_EQ(again.Json()["points"], json["points"]);
  const Ran plain = From({"--device", "raspi4"});
  EXPECT_THAT(plain.out, testing::AllOf(HasSubstr("predicted frontier"), HasSubstr("measured here"), HasSubstr("modelled"),
                                        HasSubstr("0 measured now, 10 known before"), HasSubstr("nasbench201/samsung_a50")));
}

TEST_F(UnseenDeviceTest, SaysWhatIsMissing) {
  const auto fails = [&](const Ran& ran, const std::string& says) {
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(says));
    EXPECT_EQ(ran.out, "");
  };
  fails(From({"--device", "raspi4"}), "others.db");  // no such file
  Fill({"pixel2"}, "20");
  fails(From({"--device", "abacus"}), "pixel3");  // names those there are
  fails(From({"--device", "raspi4", "--samples", std::to_string(kFewestSamples - 1)}), "--samples");
  fails(From({"--device", "raspi4", "--trials", "9"}), "--trials");
  fails(From({"--device", "raspi4", "--seed", "1,2"}), "one seed");
  fails(Run({"search", "nasbench201", "--samples", "10"}), "--from");
  const Ran few = From({"--device", "raspi4"});
  fails(few, "has 1 other devices");
  EXPECT_THAT(few.err, HasSubstr("tradewind search nasbench201 --device DEVICE"));
  fails(From({"--device", "pixel2"}), "has 0 other devices");
  Fill({"eyeriss", "fpga"}, "20");
  fails(From({"--device", "raspi4"}), "20 settings in common, where 30 are needed");
}

}  // namespace
}  // namespace tradewind
