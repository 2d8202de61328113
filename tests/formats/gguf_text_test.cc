// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gguf_text.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(GgufTextTest, NamesAreFitForATerminal) {
  EXPECT_EQ(Quoted("blk.0.attn_q.weight"), "\"blk.0.attn_q.weight\"");
  EXPECT_EQ(Quoted(""), "\"\"");
  EXPECT_EQ(Quoted("a\"b\\c"), "\"a\\x22b\\x5cc\"");
  EXPECT_EQ(Quoted(std::string_view("\0\x1b\n\xff", 4)), "\"\\x00\\x1b\\x0a\\xff\"");
}

TEST(GgufTextTest, LongNamesAreCut) {
  EXPECT_EQ(Quoted(std::string(80, 'n')), '"' + std::string(80, 'n') + '"');
  EXPECT_EQ(Quoted(std::string(100000, 'n')), '"' + std::string(80, 'n') + "...\"");
}

TEST(GgufTextTest, TensorTypesAreNamed) {
  EXPECT_EQ(GgufTensorTypeText(12), "12 (Q4_K)");
  EXPECT_EQ(GgufTensorTypeText(17), "17 (IQ2_XS)");
  EXPECT_EQ(GgufTensorTypeText(4), "4 (unknown)");
  EXPECT_EQ(ReadableTypes(), "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4");
}

}  // namespace
}  // namespace tradewind
