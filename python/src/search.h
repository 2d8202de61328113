// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The search and the store as the Python layer sees them: plain dictionaries, lists and tuples.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "subject.h"

namespace tradewind::python {

struct Request {
  std::string store;     // path
  std::string strategy;  // empty: as DefaultStrategy
  std::map<std::string, std::string> parameters{};
  uint64_t seed = 1;
  std::optional<int64_t> trials{};
  int64_t parallel = 1;
  std::vector<std::tuple<std::string, double, bool>> constraints{};  // metric, limit, whether at least
  std::vector<std::string> axes{};                                   // empty: the subject's
  std::vector<double> reference{};
  std::string fidelity{};
  std::optional<double> time_s{};
};

// The callbacks, all called on the caller's thread:
//   begin(settings)   those of a batch that will be asked
//   ask(setting)      {metric: [values]}; not called for tables and formulas
//   progress(done, total, seconds, seconds_left, what)
// What they raise ends the search and comes out of this call; tradewind.errors.Refused from `ask` leaves out that setting alone.
nanobind::dict Search(Subject& subject, const Request& request, nanobind::object begin, nanobind::object ask, nanobind::object progress);

// What the store has of the subject, newest of each setting, and the frontier among them; nothing is measured.
nanobind::dict Known(Subject& subject, const Request& request);

// {metric: value} of a table or a formula.
nanobind::dict Lookup(Subject& subject, const nanobind::dict& setting);

nanobind::dict ToDict(const Setting& setting);
nanobind::dict ToDict(const std::vector<Measurement>& measurements);  // {metric: (value, low, high, count, origin)}

}  // namespace tradewind::python
