// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Values, their memory, their text and their operators.
#include "text/jinja_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "text/jinja_format.h"
#include "text/jinja_json.h"
#include "text/jinja_ops.h"
#include "text/jinja_print.h"
#include "text/jinja_runtime.h"

namespace tradewind::jinja {
namespace {

class JinjaValue : public testing::Test {
 protected:
  Runtime rt_{TemplateLimits{}, "source"};
};

TEST_F(JinjaValue, DictKeepsOrderAndFindsEveryKey) {
  std::mt19937 random(3);
  std::vector<Entry> entries;
  for (int i = 0; i < 500; ++i) entries.push_back({Value::Int(static_cast<int64_t>(random() % 300)), Value::Int(i)});
  const Value dict = MakeDict(rt_, entries);
  // The oracle: a walk over all entries, the last of a key counts.
  for (int64_t key = 0; key < 300; ++key) {
    const Entry* last = nullptr;
    for (const Entry& entry : entries) {
      if (entry.key.integer == key) last = &entry;
    }
    const Value* found = Find(rt_, *dict.dict, Value::Int(key));
    ASSERT_EQ(found != nullptr, last != nullptr) << key;
    EXPECT_TRUE(!found || found->integer == last->value.integer);
  }
  EXPECT_EQ(dict.dict->entries[0].key.integer, entries[0].key.integer);
}

TEST_F(JinjaValue, KeysAreEqualAcrossNumberTypes) {
  const Value dict = MakeDict(rt_, std::vector<Entry>{{Value::Int(1), Value::Text("x")}});
  EXPECT_TRUE(Find(rt_, *dict.dict, Value::Float(1.0)));
  EXPECT_TRUE(Find(rt_, *dict.dict, Value::Bool(true)));
  EXPECT_FALSE(Find(rt_, *dict.dict, Value::Float(1.5)));
  EXPECT_THROW(Find(rt_, *dict.dict, MakeList(rt_, {})), Failure);
}

TEST_F(JinjaValue, GeneratorsAreReadOnce) {
  const Value generator = MakeGenerator(rt_, std::vector<Value>{Value::Int(1), Value::Int(2)});
  EXPECT_EQ(Iterate(rt_, generator).size(), 2u);
  EXPECT_EQ(Iterate(rt_, generator).size(), 0u);
}

TEST_F(JinjaValue, FloatTextReadsBack) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t bits = random();
    double value;
    static_assert(sizeof(value) == sizeof(bits));
    memcpy(&value, &bits, sizeof(value));
    if (!std::isfinite(value)) continue;
    const std::string text = FloatText(value);
    EXPECT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
    EXPECT_LE(text.size(), 24u) << text;
    EXPECT_TRUE(text.find_first_of(".e") != std::string::npos) << text;
  }
  EXPECT_EQ(FloatText(1e16), "1e+16");
  EXPECT_EQ(FloatText(123456789012345680.0), "1.2345678901234568e+17");
  EXPECT_EQ(FloatText(0.0001), "0.0001");
  EXPECT_EQ(FloatText(-0.0), "-0.0");
}

TEST_F(JinjaValue, JsonComesBack) {
  const std::string text = R"({"a": [1, -2.5, "é\n\"", null, true], "b": {}, "c": [[], {"d": 1e+16}]})";
  const Value value = ParseJson(rt_, "x", text);
  EXPECT_EQ(ToJson(rt_, value, {}).text(), text);
}

// a == (a // b) * b + a % b, with the sign of b, as Python defines it.
TEST_F(JinjaValue, FloorDivisionAndRemainderBelongTogether) {
  for (int64_t a = -20; a <= 20; ++a) {
    for (int64_t b = -6; b <= 6; ++b) {
      if (b == 0) continue;
      const int64_t quotient = Arithmetic(rt_, Op::kFloorDiv, Value::Int(a), Value::Int(b)).integer;
      const int64_t remainder = Arithmetic(rt_, Op::kMod, Value::Int(a), Value::Int(b)).integer;
      EXPECT_EQ(quotient * b + remainder, a);
      EXPECT_TRUE(remainder == 0 || (remainder < 0) == (b < 0));
      EXPECT_LT(std::abs(remainder), std::abs(b));
      const double real = Arithmetic(rt_, Op::kFloorDiv, Value::Float(static_cast<double>(a)), Value::Int(b)).real;
      EXPECT_EQ(real, static_cast<double>(quotient));
    }
  }
}

TEST_F(JinjaValue, PercentFormatIsPrintfs) {
  for (const char* format : {"%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%#x", "%o"}) {
    for (const int number : {0, 7, 255, 123456}) {
      char expected[64];
      std::snprintf(expected, sizeof(expected), format, number);
      EXPECT_EQ(PercentFormat(rt_, format, Value::Int(number)).text(),
                expected[0] == '0' && number == 0 && format[1] == '#' ? "0x0" : expected)
          << format;
    }
  }
  for (const char* format : {"%f", "%.2f", "%10.3f", "%-10.1f|", "%010.4f", "%e", "%g", "%+.1e"}) {
    for (const double number : {0.0, -1.5, 3.14159, 1e20, 1e-7}) {
      char expected[64];
      std::snprintf(expected, sizeof(expected), format, number);
      EXPECT_EQ(PercentFormat(rt_, format, Value::Float(number)).text(), expected) << format;
    }
  }
}

TEST_F(JinjaValue, MemoryIsCounted) {
  TemplateLimits limits;
  limits.memory_bytes = 10'000;
  Runtime small(limits, "");
  EXPECT_NO_THROW(small.Allocate(5'000));
  EXPECT_THROW(small.Allocate(6'000), Failure);
  EXPECT_THROW(small.MakeArray<Value>(SIZE_MAX / 2), Failure);
  EXPECT_THROW(small.CheckRoom(UINT64_MAX, UINT64_MAX), Failure);
}

TEST_F(JinjaValue, StepsAreCounted) {
  TemplateLimits limits;
  limits.steps = 10;
  Runtime small(limits, "");
  small.Charge(9);
  EXPECT_THROW(small.Charge(2), Failure);
  EXPECT_THROW(small.Charge(UINT64_MAX), Failure);
  EXPECT_NO_THROW(small.Charge(1));
}

}  // namespace
}  // namespace tradewind::jinja
