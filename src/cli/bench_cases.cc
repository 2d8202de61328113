// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_cases.h"

#include <charconv>
#include <string_view>

namespace tradewind {
namespace {

constexpr size_t kMostCases = 10'000;
constexpr int64_t kLargestNumber = int64_t{1} << 30;
constexpr int64_t kMostSequences = 1024;

std::vector<std::string> ByCommas(const std::string& text) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] != ',') continue;
    parts.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  return parts;
}

// Takes a number from the front of a text; false if there is none that is small enough.
bool TakeNumber(std::string_view& text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > kLargestNumber) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool TakeCharacter(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

struct NumberRange {
  int64_t first = 0;
  int64_t last = 0;
  int64_t step = 1;
  bool factor = false;  // the step multiplies
};

// "7", "1-4", "0-512+128", "1-16*2".
std::optional<NumberRange> ParseRange(std::string_view text) {
  NumberRange range;
  if (!TakeNumber(text, range.first)) return std::nullopt;
  range.last = range.first;
  if (TakeCharacter(text, '-')) {
    if (!TakeNumber(text, range.last)) return std::nullopt;
    range.factor = TakeCharacter(text, '*');
    if ((range.factor || TakeCharacter(text, '+')) && !TakeNumber(text, range.step)) return std::nullopt;
  }
  const bool ends = range.factor ? range.first >= 1 && range.step >= 2 : range.step >= 1;
  if (!text.empty() || range.first > range.last || !ends) return std::nullopt;
  return range;
}

Status TooMany(const std::string& option) {
  return Status(StatusCode::kInvalidInput, "more than " + std::to_string(kMostCases) + " cases; ask for fewer").At(option);
}

// A list of what is to be tried: {nullopt} where nothing was asked.
template <typename T>
std::vector<std::optional<T>> Choices(const std::vector<T>& asked) {
  if (asked.empty()) return {std::nullopt};
  return {asked.begin(), asked.end()};
}

Result<std::vector<std::optional<int64_t>>> NumberChoices(const std::string& text, const std::string& option) {
  if (text.empty()) return Choices<int64_t>({});
  TW_ASSIGN(const std::vector<int64_t> numbers, ParseNumbers(text, option));
  return Choices(numbers);
}

std::vector<std::optional<std::string>> NameChoices(const std::string& text) {
  return text.empty() ? Choices<std::string>({}) : Choices(ByCommas(text));
}

// The cases that differ in how the model is opened alone.
Result<std::vector<BenchCase>> Instances(const BenchLists& lists) {
  TW_ASSIGN(const auto ubatches, NumberChoices(lists.ubatch, "--ubatch-size"));
  TW_ASSIGN(const auto threads, NumberChoices(lists.threads, "--threads"));
  std::vector<BenchCase> out;
  for (const std::string& model : lists.models) {
    for (const auto& ubatch : ubatches) {
      for (const auto& key_type : NameChoices(lists.key_type)) {
        for (const auto& value_type : NameChoices(lists.value_type)) {
          if (out.size() + threads.size() > kMostCases) return Fail(TooMany("--threads"));
          for (const auto& t : threads) out.push_back({model, t, ubatch, key_type, value_type, {}});
        }
      }
    }
  }
  return out;
}

Result<std::vector<ThroughputTest>> Tests(const BenchLists& lists) {
  TW_ASSIGN(const std::vector<int64_t> prompts, ParseNumbers(lists.prompt, "--n-prompt"));
  TW_ASSIGN(const std::vector<int64_t> generated, ParseNumbers(lists.generated, "--n-gen"));
  TW_ASSIGN(const std::vector<int64_t> depths, ParseNumbers(lists.depth, "--n-depth"));
  std::vector<ThroughputTest> tests;
  for (const int64_t p : prompts) tests.push_back({.prompt = p});
  for (const int64_t g : generated) tests.push_back({.generated = g, .sequences = lists.sequences});
  for (const std::string& pair : lists.prompt_and_generated) {
    TW_ASSIGN(const std::vector<int64_t> numbers, ParseNumbers(pair, "--pg"));
    if (numbers.size() != 2) {
      return Fail(Status(StatusCode::kInvalidInput, "\"" + pair + "\" is not a pair PROMPT,GENERATED, as 512,128").At("--pg"));
    }
    tests.push_back({.prompt = numbers[0], .generated = numbers[1], .sequences = lists.sequences});
  }
  std::erase_if(tests, [](const ThroughputTest& t) { return t.tokens() == 0; });
  std::vector<ThroughputTest> out;
  for (const int64_t depth : depths) {
    if (out.size() + tests.size() > kMostCases) return Fail(TooMany("--n-depth"));
    for (ThroughputTest test : tests) {
      test.depth = depth;
      out.push_back(test);
    }
  }
  return out;
}

}  // namespace

Result<std::vector<int64_t>> ParseNumbers(const std::string& text, const std::string& option) {
  std::vector<int64_t> numbers;
  for (const std::string& part : ByCommas(text)) {
    const std::optional<NumberRange> range = ParseRange(part);
    if (!range) {
      return Fail(Status(StatusCode::kInvalidInput, "\"" + part + "\" is neither a whole number from 0 to " +
                                                        std::to_string(kLargestNumber) +
                                                        " nor a range of them, as 1-4, 0-512+128 or 1-16*2")
                      .At(option));
    }
    for (int64_t n = range->first; n <= range->last; n = range->factor ? n * range->step : n + range->step) {
      if (numbers.size() == kMostCases) return Fail(TooMany(option));
      numbers.push_back(n);
    }
  }
  return numbers;
}

std::string TestName(const ThroughputTest& test) {
  std::string name;
  if (test.prompt > 0) name = "pp" + std::to_string(test.prompt);
  if (test.generated > 0) name += (name.empty() ? "tg" : "+tg") + std::to_string(test.generated);
  if (test.sequences > 1) name += " x " + std::to_string(test.sequences);
  if (test.depth > 0) name += " @ d" + std::to_string(test.depth);
  return name;
}

Result<std::vector<BenchCase>> BenchCases(const BenchLists& lists) {
  if (lists.sequences < 1 || lists.sequences > kMostSequences) {
    return Fail(
        Status(StatusCode::kInvalidInput, "1 to " + std::to_string(kMostSequences) + " sequences generate at once").At("--parallel"));
  }
  TW_ASSIGN(const std::vector<BenchCase> instances, Instances(lists));
  TW_ASSIGN(const std::vector<ThroughputTest> tests, Tests(lists));
  if (instances.size() * tests.size() > kMostCases) return Fail(TooMany("--threads"));
  std::vector<BenchCase> cases;
  for (const BenchCase& instance : instances) {
    for (const ThroughputTest& test : tests) {
      cases.push_back(instance);
      cases.back().test = test;
    }
  }
  return cases;
}

}  // namespace tradewind
