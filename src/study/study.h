// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Study: a published result as data: what it claims, which analysis tests each claim on what, and when the claim counts as working here.
// A study is one YAML file, studies/NNN-name.yaml; it holds no code. Plain values; thread-safe.
//
//   TW_ASSIGN(Study study, ParseStudy(yaml, "studies/018-yolobench.yaml"));
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

// A word of the study file that tells the reader what sort of test this is; analyses declare theirs.
enum class ClaimKind { kCompare, kFrontier, kLaw };
std::string_view ClaimKindName(ClaimKind kind);  // "compare"

// What the numbers come from.
enum class Evidence { kReal, kTrainedHere, kPublicTable, kSimulated };
std::string_view EvidenceName(Evidence evidence);  // "public table"

// The condition that a number must meet: "> 0.05", ">= 1", "<= 100".
struct Floor {
  bool higher = true;   // the number must lie above the bound
  bool strict = false;  // and not on it
  double bound = 0;
  std::string text;  // as written
  bool Holds(double value) const;
};
Result<Floor> ParseFloor(std::string_view text);

struct Claim {
  std::string claim;    // what the abstract says, in a sentence
  std::string claimed;  // its figure as published; may be empty
  ClaimKind kind = ClaimKind::kCompare;
  std::string analysis;                     // empty where nothing can be run yet
  std::map<std::string, std::string> with;  // the analysis's parameters
  std::string number;                       // which of the finding's numbers is judged; empty: its first
  std::optional<Floor> floor;               // present where there is an analysis
  std::optional<double> published;          // the published figure in the number's unit: what is reached of it is the scale
  Evidence evidence = Evidence::kPublicTable;
  std::string pending;  // what the rest of the criterion waits for; empty if nothing
};

struct Study {
  std::string row;   // "018"
  std::string name;  // "yolobench"
  std::string title;
  std::string paper;  // "arXiv:2307.13901"
  std::vector<Claim> claims;
};

// `origin` names the file in errors, which give the line. At most 256 KiB, 64 claims. Unknown fields are errors.
Result<Study> ParseStudy(std::string_view yaml, const std::string& origin);

}  // namespace tradewind
