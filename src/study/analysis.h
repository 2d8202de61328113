// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Analysis: a way to test claims, named in study files: one file each in src/study/analyses. It runs what the rest of Tradewind offers
// (searches, predictors, routers, laws) on a tunable or table, with the parameters of the study, and gives numbers with intervals.
//
//   const Analysis* analysis = Analyses().Find("hypervolume_share");
//   TW_ASSIGN(Finding finding, analysis->run(Parameters(claim.with), context));
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "core/registry.h"
#include "study/study.h"

namespace tradewind {

// Of the intervals in findings.
inline constexpr double kStudyConfidence = 0.95;

// The `with` of a claim. Reading marks a parameter as known; CheckAllRead names those that nobody read.
class Parameters {
 public:
  explicit Parameters(std::map<std::string, std::string> with) : with_(std::move(with)) {}
  std::string Text(const std::string& name, const std::string& fallback);
  std::vector<std::string> List(const std::string& name, const std::string& fallback);  // parted by commas or spaces
  Result<double> Number(const std::string& name, double fallback, double low, double high);
  Result<int64_t> Integer(const std::string& name, int64_t fallback, int64_t low, int64_t high);
  Result<void> CheckAllRead() const;

 private:
  std::map<std::string, std::string> with_;
  std::map<std::string, bool> read_;
};

struct Number {
  std::string name;
  double value = 0;
  Interval interval;
};

// "above_random 0.081 (0.062 to 0.101)"; as a line of a finding's detail it is left out where a claim judges that number.
std::string NumberText(const Number& number);

struct Finding {
  std::vector<Number> numbers;      // the first is judged unless the claim names another
  std::vector<std::string> detail;  // lines for a person: what lies behind the numbers
};

struct AnalysisContext {
  std::string data_folder;  // where tables' data lie; empty: the user's
  std::function<void(double share, const std::string& what)> progress{};
  void Tell(double share, const std::string& what) const {
    if (progress) progress(share, what);
  }
};

struct Analysis {
  ClaimKind kind = ClaimKind::kCompare;
  std::string summary;  // a sentence, then its parameters
  Result<Finding> (*run)(Parameters& with, const AnalysisContext& context) = nullptr;
};

const Registry<Analysis>& Analyses();

}  // namespace tradewind
