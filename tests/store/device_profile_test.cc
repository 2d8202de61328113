// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/device_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store_testing.h"

namespace tradewind {
namespace {

using DeviceProfileTest = StoreTest;

TEST_F(DeviceProfileTest, KeepsJsonByDeviceAndKey) {
  {
    auto profile = DeviceProfile::Open(Path());
    ASSERT_TRUE(profile) << profile.error().ToString();
    EXPECT_EQ(profile->Get("d", "bandwidth").value(), std::nullopt);
    ASSERT_TRUE(profile->Put("d", "bandwidth", R"({"read": 1})"));
    ASSERT_TRUE(profile->Put("d", "bandwidth", R"( {"read": 2.5e1, "t": "ü"} )"));
    ASSERT_TRUE(profile->Put("d", "kernels", "[]"));
    ASSERT_TRUE(profile->Put("e", "bandwidth", "null"));
  }
  const auto profile = DeviceProfile::Open(Path(), {.read_only = true});
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->Get("d", "bandwidth").value(), R"( {"read": 2.5e1, "t": "ü"} )");
  EXPECT_EQ(profile->Get("d", "kernels").value(), "[]");
  EXPECT_EQ(profile->Get("e", "bandwidth").value(), "null");
  EXPECT_EQ(profile->Get("e", "kernels").value(), std::nullopt);
}

TEST_F(DeviceProfileTest, RefusesWhatIsNotJson) {
  auto profile = DeviceProfile::Open(Path());
  ASSERT_TRUE(profile);
  ASSERT_TRUE(profile->Put("d", "k", "1"));
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string large = "\"" + std::string(size_t{1} << 20, 'x') + "\"";
  for (const std::string& bad : {std::string(), std::string("{"), std::string("{} {}"), std::string("nan"), deep, large}) {
    const auto put = profile->Put("d", "k", bad);
    ASSERT_FALSE(put) << bad.substr(0, 20);
    EXPECT_EQ(put.error().code(), StatusCode::kInvalidInput);
  }
  ASSERT_TRUE(profile->Put("d", "brackets in text", "\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\""));
  EXPECT_EQ(profile->Get("d", "k").value(), "1");
}

TEST_F(DeviceProfileTest, SharesTheFileWithTheStore) {
  auto store = OpenWithNames(Path());
  auto profile = DeviceProfile::Open(Path());
  ASSERT_TRUE(store && profile);
  ASSERT_TRUE(profile->Put("dev", "k", "1"));
  ASSERT_TRUE(store->AddTrial(SomeTrial("s")));
  EXPECT_TRUE(store->Check());
  EXPECT_EQ(profile->Get("dev", "k").value(), "1");
}

}  // namespace
}  // namespace tradewind
