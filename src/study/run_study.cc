// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/run_study.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/version.h"
#include "core/device.h"

namespace tradewind {
namespace {

using Json = nlohmann::ordered_json;

Json IntervalJson(const Interval& interval) {
  return {interval.low, interval.high};
}

Json ClaimJson(const ClaimResult& result) {
  const Claim& claim = result.claim;
  Json json = {{"claim", claim.claim}, {"claimed", claim.claimed}, {"kind", ClaimKindName(claim.kind)}};
  json["floor"] = claim.floor ? Json(claim.floor->text) : Json();
  json["here"] = result.here ? Json(result.here->value) : Json();
  json["interval"] = result.here ? IntervalJson(result.here->interval) : Json();
  json["number"] = result.here ? Json(result.here->name) : Json();
  json["evidence"] = EvidenceName(claim.evidence);
  json["verdict"] = result.verdict;
  json["undecided"] = result.undecided;
  json["reason"] = result.reason;
  json["detail"] = result.detail;
  json["detail_of"] = result.detail_of ? Json(*result.detail_of) : Json();
  return json;
}

// What decides whether a kept result still answers this claim: everything that the study file says of it, and the program.
std::string KeyOf(const Study& study, const Claim& claim) {
  std::string text =
      claim.analysis + "\n" + claim.number + "\n" + (claim.floor ? claim.floor->text : "") + "\n" + claim.pending + "\n" + BuildId();
  for (const auto& [name, value] : claim.with) text += "\n" + name + "=" + value;
  if (claim.published) text += "\npublished " + std::to_string(*claim.published);
  char hash[32];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return "study/" + study.row + "/" + hash;
}

std::string Pack(const ClaimResult& result) {
  Json json = ClaimJson(result);
  if (result.here) json["confidence"] = result.here->interval.confidence;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A kept result; absent if it cannot be read (another version wrote it).
std::optional<ClaimResult> Unpack(const Claim& claim, const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("verdict") || !json["verdict"].is_string() || !json["reason"].is_string()) return std::nullopt;
  ClaimResult result{.claim = claim, .here = {}, .verdict = json["verdict"], .reason = json["reason"], .detail = {}};
  if (json["here"].is_number() && json["interval"].is_array() && json["interval"].size() == 2 && json["interval"][0].is_number() &&
      json["interval"][1].is_number() && json["number"].is_string()) {
    result.here = Number{json["number"], json["here"], {json["interval"][0], json["interval"][1], json.value("confidence", 0.95)}};
  }
  for (const Json& line : json["detail"]) {
    if (line.is_string()) result.detail.push_back(line);
  }
  result.undecided = json.value("undecided", false);
  return result;
}

// Claims that ask one analysis the same share its finding.
using Findings = std::map<std::pair<std::string, std::map<std::string, std::string>>, Result<Finding>>;

Result<Finding> RunAnalysis(const Claim& claim, const AnalysisContext& context) {
  const Analysis* analysis = Analyses().Find(claim.analysis);
  if (analysis == nullptr) {
    return Fail(Status(StatusCode::kNotFound, "there is no analysis \"" + claim.analysis + "\"").At("analysis"));
  }
  Parameters with(claim.with);
  Result<Finding> finding = analysis->run(with, context);
  if (finding) {
    TW_RETURN_IF_ERROR(with.CheckAllRead());
  }
  return finding;
}

std::optional<Result<Finding>> Find(const Claim& claim, const AnalysisContext& context, Findings& findings) {
  if (claim.analysis.empty()) return std::nullopt;
  const auto key = std::pair(claim.analysis, claim.with);
  const auto known = findings.find(key);
  if (known != findings.end()) return known->second;
  return findings.emplace(key, RunAnalysis(claim, context)).first->second;
}

// Leaves the detail with the first of the claims that rest on one finding, without the numbers that a claim gives as its own.
void TellFindingsOnce(std::vector<ClaimResult>& claims) {
  for (size_t i = 1; i < claims.size(); ++i) {
    ClaimResult& later = claims[i];
    for (size_t j = 0; j < i && !later.detail.empty() && !later.detail_of; ++j) {
      const ClaimResult& first = claims[j];
      const bool same =
          first.claim.analysis == later.claim.analysis && first.claim.with == later.claim.with && first.detail == later.detail;
      if (same) later.detail_of = j;
    }
  }
  for (ClaimResult& claim : claims) {
    if (claim.here)
      std::erase(claims[claim.detail_of.value_or(static_cast<size_t>(&claim - claims.data()))].detail, NumberText(*claim.here));
    if (claim.detail_of) claim.detail.clear();
  }
}

// A cell of a Markdown table.
std::string Cell(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string HereText(const ClaimResult& claim) {
  if (!claim.here) return "-";
  char text[96];
  std::snprintf(text, sizeof text, "%.3g (%.3g to %.3g)", claim.here->value, claim.here->interval.low, claim.here->interval.high);
  return text;
}

}  // namespace

Result<StudyResult> RunStudy(const Study& study, DeviceProfile& profile, const StudyOptions& options) {
  StudyResult result{.study = study, .claims = {}};
  const std::string device = ThisDevice().id;
  Findings findings;
  for (size_t i = 0; i < study.claims.size(); ++i) {
    const Claim& claim = study.claims[i];
    const std::string key = KeyOf(study, claim);
    if (!options.fresh) {
      TW_ASSIGN(const std::optional<std::string> kept, profile.Get(device, key));
      if (std::optional<ClaimResult> known = kept ? Unpack(claim, *kept) : std::nullopt) {
        result.claims.push_back(std::move(*known));
        continue;
      }
    }
    if (options.cached && !claim.analysis.empty()) {
      result.claims.push_back({.claim = claim,
                               .here = {},
                               .verdict = "not yet",
                               .reason = "it was not run on this machine; `tradewind study " + study.row + "` runs it",
                               .detail = {}});
      continue;
    }
    AnalysisContext context = options.context;
    context.progress = [&](double share, const std::string& what) {
      options.context.Tell((static_cast<double>(i) + share) / static_cast<double>(study.claims.size()), what);
    };
    context.Tell(0, claim.claim);
    result.claims.push_back(JudgeClaim(claim, Find(claim, context, findings)));
    // Data that are missing now may be there the next time.
    if (result.claims.back().verdict != "not testable here") TW_RETURN_IF_ERROR(profile.Put(device, key, Pack(result.claims.back())));
  }
  TellFindingsOnce(result.claims);
  return result;
}

std::string ToJsonText(const std::vector<StudyResult>& results) {
  Json all = Json::array();
  for (const StudyResult& result : results) {
    Json claims = Json::array();
    for (const ClaimResult& claim : result.claims) claims.push_back(ClaimJson(claim));
    all.push_back({{"row", result.study.row},
                   {"name", result.study.name},
                   {"title", result.study.title},
                   {"paper", result.study.paper},
                   {"claims", std::move(claims)}});
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ToMarkdown(const std::vector<StudyResult>& results) {
  std::string text;
  for (const StudyResult& result : results) {
    text += "## " + result.study.row + " " + result.study.title + "\n\n" + result.study.paper +
            "\n\n| claimed | floor | here | evidence | verdict | reason |\n|---|---|---|---|---|---|\n";
    for (const ClaimResult& c : result.claims) {
      const std::string claimed = c.claim.claim + (c.claim.claimed.empty() ? "" : " (" + c.claim.claimed + ")");
      text += "| " + Cell(claimed) + " | " + (c.claim.floor ? Cell(c.claim.floor->text) : "-") + " | " + HereText(c) + " | " +
              std::string(EvidenceName(c.claim.evidence)) + " | " + VerdictText(c) + " | " + Cell(c.reason) + " |\n";
    }
    text += "\n";
  }
  return text;
}

}  // namespace tradewind
