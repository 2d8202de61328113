// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The text of a few-shot model: a name a line, then how many numbers, then the numbers, as "%a" writes them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "search/predictors/few_shot.h"

namespace tradewind {
namespace {

constexpr std::string_view kHeader = "tradewind few-shot 1";
constexpr size_t kMostBytes = size_t{64} << 20;
constexpr double kMostFeatures = 65536;
constexpr double kMostReferences = 4096;
constexpr double kMostUnits = 1024;
constexpr double kMostInnerSteps = 1000;
constexpr double kMostMembers = 64;
constexpr size_t kMostNumbers = size_t{1} << 24;

template <typename T>
void AppendLine(std::string_view name, const std::vector<T>& numbers, std::string& out) {
  out += name;
  out += ' ' + std::to_string(numbers.size());
  char text[40];
  for (const T x : numbers) {
    std::snprintf(text, sizeof text, " %a", static_cast<double>(x));
    out += text;
  }
  out += '\n';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Without its end, which every line has; a line that was cut off reads as empty, lest a shortened number pass for a whole one.
  std::string_view NextLine() {
    ++line_;
    const size_t end = text_.find('\n', at_);
    const std::string_view line = end == std::string_view::npos ? std::string_view() : text_.substr(at_, end - at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    return line;
  }
  bool AtEnd() const { return at_ >= text_.size(); }
  auto Bad(const std::string& expected) const {
    return Fail(Status(StatusCode::kInvalidInput, "not a few-shot model, or a damaged one: expected " + expected + "; train it again")
                    .At("line " + std::to_string(line_)));
  }

  // A line of `name` with exactly `count` finite numbers.
  Result<std::vector<double>> Numbers(std::string_view name, size_t count) {
    std::string_view rest = NextLine();
    const std::string expected = std::string(name) + " with " + std::to_string(count) + " numbers";
    const std::string start = std::string(name) + " " + std::to_string(count);
    if (!rest.starts_with(start)) return Bad(expected);
    rest.remove_prefix(start.size());
    // Each takes a space and a digit at least: a count that the line cannot hold reserves nothing.
    if (count > rest.size() / 2) return Bad(expected);
    std::vector<double> numbers;
    numbers.reserve(count);
    while (!rest.empty()) {
      if (rest[0] != ' ' || numbers.size() == count) return Bad(expected);
      rest.remove_prefix(1);
      const std::string word(rest.substr(0, std::min<size_t>(rest.find(' '), 40)));
      char* end = nullptr;
      const double x = std::strtod(word.c_str(), &end);
      const auto used = static_cast<size_t>(end - word.c_str());
      if (word.empty() || used != word.size() || used > rest.size() || !std::isfinite(x)) return Bad(expected);
      numbers.push_back(x);
      rest.remove_prefix(used);
    }
    if (numbers.size() != count) return Bad(expected);
    return numbers;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  int line_ = 0;
};

bool WholeWithin(double x, double low, double high) {
  return x >= low && x <= high && x == std::floor(x);
}

std::vector<float> AsFloats(const std::vector<double>& numbers) {
  return {numbers.begin(), numbers.end()};
}

bool FitFloats(const std::vector<double>& numbers) {
  for (const double x : numbers) {
    if (std::abs(x) > std::numeric_limits<float>::max()) return false;
  }
  return true;
}

}  // namespace

std::string FewShotModel::Serialize() const {
  std::string out(kHeader);
  out += '\n';
  AppendLine(
      "shape",
      std::vector<double>{static_cast<double>(shape.features), static_cast<double>(shape.embedding), static_cast<double>(shape.hidden),
                          static_cast<double>(shape.modulation), shape.linear ? 1.0 : 0.0, static_cast<double>(inner_steps),
                          static_cast<double>(members.size()), static_cast<double>(error_quantiles.size())},
      out);
  AppendLine("power", std::vector<double>{power}, out);
  AppendLine("mean", feature_mean, out);
  AppendLine("scale", feature_scale, out);
  AppendLine("errors", error_quantiles, out);
  for (const std::vector<double>& reference : references) AppendLine("reference", reference, out);
  for (const FewShotMember& member : members) {
    AppendLine("start", member.start, out);
    AppendLine("rates", member.rates, out);
  }
  return out;
}

Result<FewShotModel> FewShotModel::Parse(std::string_view text) {
  if (text.size() > kMostBytes) return Fail(StatusCode::kInvalidInput, "a few-shot model of more than 64 MiB; train a smaller one");
  Reader reader(text);
  if (reader.NextLine() != kHeader) return reader.Bad("'" + std::string(kHeader) + "'");
  TW_ASSIGN(const std::vector<double> s, reader.Numbers("shape", 8));
  if (!WholeWithin(s[0], 1, kMostFeatures) || !WholeWithin(s[1], 3, kMostReferences) || !WholeWithin(s[2], 1, kMostUnits) ||
      !WholeWithin(s[3], 1, kMostUnits) || !WholeWithin(s[4], 0, 1) || !WholeWithin(s[5], 0, kMostInnerSteps) ||
      !WholeWithin(s[6], 1, kMostMembers) || !WholeWithin(s[7], 2, 100000)) {
    return reader.Bad("a shape within the limits");
  }
  FewShotModel model;
  model.shape = {static_cast<uint32_t>(s[0]), static_cast<uint32_t>(s[1]), static_cast<uint32_t>(s[2]), static_cast<uint32_t>(s[3]),
                 s[4] == 1};
  model.inner_steps = static_cast<uint32_t>(s[5]);
  if (model.shape.ParameterCount() > kMostNumbers) return reader.Bad("at most 16 million parameters");
  TW_ASSIGN(const std::vector<double> power, reader.Numbers("power", 1));
  if (!(power[0] >= 0 && power[0] <= 1)) return reader.Bad("a power from 0 to 1");
  model.power = power[0];
  TW_ASSIGN(model.feature_mean, reader.Numbers("mean", model.shape.features));
  TW_ASSIGN(model.feature_scale, reader.Numbers("scale", model.shape.features));
  for (const double scale : model.feature_scale) {
    if (!(scale > 0)) return reader.Bad("scales above 0");
  }
  TW_ASSIGN(model.error_quantiles, reader.Numbers("errors", static_cast<size_t>(s[7])));
  for (size_t i = 0; i < model.error_quantiles.size(); ++i) {
    if (model.error_quantiles[i] < (i == 0 ? 0 : model.error_quantiles[i - 1]))
      return reader.Bad("error quantiles that rise from 0 or more");
  }
  for (uint32_t r = 0; r < model.shape.embedding; ++r) {
    TW_ASSIGN(auto reference, reader.Numbers("reference", model.shape.features));
    model.references.push_back(std::move(reference));
  }
  for (double m = 0; m < s[6]; ++m) {
    TW_ASSIGN(const std::vector<double> start, reader.Numbers("start", model.shape.ParameterCount()));
    TW_ASSIGN(const std::vector<double> rates, reader.Numbers("rates", model.shape.ParameterCount()));
    if (!FitFloats(start) || !FitFloats(rates)) return reader.Bad("numbers of single precision");
    model.members.push_back({AsFloats(start), AsFloats(rates)});
  }
  if (!reader.AtEnd()) return reader.Bad("the end of the file");
  return model;
}

}  // namespace tradewind
