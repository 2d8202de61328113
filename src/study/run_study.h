// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs a study claim by claim. Each claim's result is kept as soon as it is known, under its own text and this program's version, so that
// a study that was stopped goes on, and one that is unchanged runs nothing.
//
//   TW_ASSIGN(StudyResult result, RunStudy(study, profile, {.context = {.data_folder = data}}));
#pragma once

#include <string>
#include <vector>

#include "store/device_profile.h"
#include "study/verdict.h"

namespace tradewind {

struct StudyOptions {
  AnalysisContext context;
  bool cached = false;  // run nothing: a claim that is not kept says "not yet"
  bool fresh = false;   // run also what is kept
};

struct StudyResult {
  Study study;
  std::vector<ClaimResult> claims;  // one a claim, in their order
};

Result<StudyResult> RunStudy(const Study& study, DeviceProfile& profile, const StudyOptions& options);

// The JSON of `tradewind study --json`: {"row", "name", "claims": [{"claim", "claimed", "floor", "here", "interval", "evidence", "verdict",
// "undecided", "reason", "detail", "detail_of"}]}, and a report of several as Markdown. A finding is told once: claims that rest on one
// leave its detail to the first of them, whose place "detail_of" gives.
std::string ToJsonText(const std::vector<StudyResult>& results);
std::string ToMarkdown(const std::vector<StudyResult>& results);

}  // namespace tradewind
