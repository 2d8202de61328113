// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Closed-form problems as tunables: zdt1, 2, 3, 4, 6 (Zitzler, Deb and Thiele 2000) and dtlz1, 2, 3, 4, 7 (Deb, Thiele, Laumanns and
// Zitzler 2002, numbered as in their report of 2001). Real knobs x1 to xn, metrics f1 to fm, all minimised. Opened instances are immutable;
// sessions are not thread-safe, trials may run side by side.
//
//   TW_ASSIGN(auto zdt1, OpenClosedForm("zdt1"));               // also "dtlz2:4", with four metrics
//   Workload w = ClosedFormWorkload(*FindClosedForm("zdt1"));   // axes f1 and f2, reference point
//   std::vector<double> f = FindClosedForm("zdt1")->evaluate(x);
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tunable.h"
#include "core/workload.h"

namespace tradewind {

struct ClosedForm {
  std::string name;     // "dtlz2:3"
  std::string formula;  // the published definition, in one or two lines
  std::vector<RealDomain> knobs;
  size_t metrics = 2;
  std::vector<double>
      reference;  // for hypervolume: 1.1 of the frontier's worst on each axis, dtlz7's last axis apart (its own worst is 2 m)
  // `x` has one value a knob (asserted), within its domain.
  std::function<std::vector<double>(std::span<const double>)> evaluate;
};

// The names that exist, with the default number of metrics.
std::vector<std::string> ClosedFormNames();
// The problem of a name; DTLZ names take a number of metrics from 2 to 4 behind a colon, 3 by default. kNotFound lists the names.
Result<ClosedForm> FindClosedForm(std::string_view name);

// As a tunable: readings of origin kModelled, whatever the sample is called.
Result<std::unique_ptr<Tunable>> OpenClosedForm(std::string_view name);
// One sample, "formula"; the axes are all metrics.
Workload ClosedFormWorkload(const ClosedForm& problem);

// The families, for FindClosedForm; absent for a number that they do not have.
std::optional<ClosedForm> MakeZdt(int number);
std::optional<ClosedForm> MakeDtlz(int number, size_t metrics);

}  // namespace tradewind
