// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/isa.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "base/cpu.h"
#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

// Sets TRADEWIND_ISA and restores it.
class ForcedIsa {
 public:
  explicit ForcedIsa(const char* value) {
    if (const char* old = std::getenv("TRADEWIND_ISA")) old_ = old;
    setenv("TRADEWIND_ISA", value, 1);
  }
  ~ForcedIsa() { old_.empty() ? unsetenv("TRADEWIND_ISA") : setenv("TRADEWIND_ISA", old_.c_str(), 1); }

 private:
  std::string old_;
};

TEST(Isa, GenericIsAlwaysThereAndTablesKnowTheirName) {
  ASSERT_FALSE(AvailableIsas().empty());
  EXPECT_EQ(AvailableIsas().front(), Isa::kGeneric);
  for (const Isa isa : AvailableIsas()) EXPECT_EQ(KernelsFor(isa).isa, isa);
}

TEST(Isa, EachAvailableOneCanBeForced) {
  for (const Isa isa : AvailableIsas()) {
    const ForcedIsa forced(std::string(IsaName(isa)).c_str());
    const auto chosen = SelectIsa();
    ASSERT_TRUE(chosen);
    EXPECT_EQ(*chosen, isa);
  }
}

TEST(Isa, TheBestIsTheDefault) {
  const ForcedIsa forced("");
  const auto chosen = SelectIsa();
  ASSERT_TRUE(chosen);
  EXPECT_EQ(*chosen, AvailableIsas().back());
}

TEST(Isa, AnUnknownOrMissingOneFailsLoudly) {
  for (const char* name : {"sse9", "avx512", "amx", "AVX2"}) {
    if (std::string(name) == "avx512" && DetectCpuFeatures().avx512_vnni) continue;
    if (std::string(name) == "amx" && DetectCpuFeatures().amx_int8) continue;
    const ForcedIsa forced(name);
    const auto chosen = SelectIsa();
    ASSERT_FALSE(chosen) << name;
    EXPECT_EQ(chosen.error().code(), StatusCode::kUnsupported);
    EXPECT_NE(chosen.error().ToString().find(name), std::string::npos);
    EXPECT_NE(chosen.error().ToString().find("generic"), std::string::npos);
  }
}

}  // namespace
}  // namespace tradewind
