// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sampling_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(SamplingFields, DefaultsAreInRange) {
  EXPECT_TRUE(CheckSampling({}));
  EXPECT_EQ(SamplingFields().size(), 14u);
}

TEST(SamplingFields, EachIsSetByItsNameAlone) {
  for (const SamplingField& field : SamplingFields()) {
    Sampling sampling;
    const std::string text = std::to_string(static_cast<int>(field.low < 1 ? 1 : field.low + 2));
    ASSERT_TRUE(SetSamplingField(sampling, field.name, text)) << field.name;
    EXPECT_EQ(field.Get(sampling), std::stod(text)) << field.name;
    int changed = 0;
    for (const SamplingField& other : SamplingFields()) changed += other.Get(sampling) != other.Get({}) ? 1 : 0;
    EXPECT_LE(changed, 1) << field.name;
  }
  Sampling seeded;
  ASSERT_TRUE(SetSamplingField(seeded, "seed", "18446744073709551615"));
  EXPECT_EQ(seeded.seed, std::numeric_limits<uint64_t>::max());
}

TEST(SamplingFields, WhatIsOutsideIsNamed) {
  Sampling sampling;
  EXPECT_THAT(SetSamplingField(sampling, "top_p", "1.5").error().ToString(), HasSubstr("top_p must be between 0 and 1"));
  EXPECT_THAT(SetSamplingField(sampling, "top_k", "1.5").error().ToString(), HasSubstr("top_k=1.5"));
  EXPECT_THAT(SetSamplingField(sampling, "top-k", "1").error().ToString(), HasSubstr("it has temperature, top_k"));
  EXPECT_FALSE(SetSamplingField(sampling, "seed", "-1"));
  EXPECT_FALSE(SetSamplingField(sampling, "temperature", "nan"));
  EXPECT_FALSE(SetSamplingField(sampling, "temperature", ""));
  sampling = {};
  sampling.min_p = std::nan("");
  EXPECT_THAT(CheckSampling(sampling).error().ToString(), HasSubstr("--min-p"));
}

}  // namespace
}  // namespace tradewind
