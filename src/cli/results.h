// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Measured things as JSON and as tables: shared by measure, search, fit and run.
#pragma once

#include <string>
#include <vector>

#include "cli/json.h"
#include "core/frontier.h"
#include "core/policy.h"
#include "search/search.h"

namespace tradewind {

Json ToJson(const Measurement& measurement);
Json ToJson(const Prediction& prediction);
Json ToJson(const Candidate& candidate);
Json ToJson(const SearchResult& result);

// The settings of points, without the parts that all of them share (which `shared` gets).
std::vector<std::string> ShortSettings(const std::vector<Point>& points, std::string* shared);
// One row a point: setting, the axes with intervals, "frontier" or which point dominates it.
std::string FrontierTable(const SearchResult& result);
std::string MeasurementTable(const std::vector<Measurement>& measurements, const Tunable& tunable);

}  // namespace tradewind
