// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML to Study, field by field.
#include "formats/yaml_fields.h"
#include "study/study.h"

namespace tradewind {
namespace {

constexpr size_t kMaxText_bytes = 256 << 10;
constexpr size_t kMaxClaims = 64;
constexpr size_t kMaxParameters = 64;

// One of an enumeration's names.
template <typename Enum>
Result<Enum> OneOf(const Fields& fields, const std::string& field, std::string_view (*name)(Enum), std::initializer_list<Enum> all,
                   Enum fallback) {
  if (!fields.Has(field)) return fallback;
  TW_ASSIGN(const std::string text, fields.Text(field));
  std::string known;
  for (const Enum value : all) {
    if (text == name(value)) return value;
    known += (known.empty() ? "" : ", ") + std::string(name(value));
  }
  return fields.Fails(field, field + " is \"" + text + "\"; it must be one of " + known);
}

Result<void> ReadFloor(const Fields& fields, Claim& claim) {
  if (fields.Has("floor")) {
    TW_ASSIGN(const std::string text, fields.Text("floor"));
    auto floor = ParseFloor(text);
    if (!floor) return fields.Fails("floor", floor.error().message());
    claim.floor = std::move(*floor);
  }
  if (fields.Has("published")) {
    TW_ASSIGN(claim.published, fields.NumberOr("published", 0));
  }
  return {};
}

Result<Claim> OneClaim(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields,
            Fields::Of(node, "a claim", origin,
                       {"claim", "claimed", "kind", "analysis", "with", "number", "floor", "published", "evidence", "pending"}));
  Claim claim;
  TW_ASSIGN(claim.claim, fields.Text("claim"));
  TW_ASSIGN(claim.claimed, fields.TextOr("claimed", ""));
  TW_ASSIGN(claim.kind, OneOf(fields, "kind", ClaimKindName, {ClaimKind::kCompare, ClaimKind::kFrontier, ClaimKind::kLaw}, claim.kind));
  TW_ASSIGN(claim.analysis, fields.TextOr("analysis", ""));
  TW_ASSIGN(claim.with, fields.TextMap("with"));
  if (claim.with.size() > kMaxParameters) return fields.Fails("with", "with has at most " + std::to_string(kMaxParameters) + " parameters");
  TW_ASSIGN(claim.number, fields.TextOr("number", ""));
  TW_RETURN_IF_ERROR(ReadFloor(fields, claim));
  TW_ASSIGN(claim.evidence, OneOf(fields, "evidence", EvidenceName,
                                  {Evidence::kReal, Evidence::kTrainedHere, Evidence::kPublicTable, Evidence::kSimulated}, claim.evidence));
  TW_ASSIGN(claim.pending, fields.TextOr("pending", ""));
  if (claim.analysis.empty() && claim.pending.empty()) {
    return fields.Fails("claim", "needs an analysis, or pending: what it waits for");
  }
  if (!claim.analysis.empty() && !claim.floor) return fields.Fails("analysis", "with an analysis, a floor is needed");
  return claim;
}

Result<Study> Build(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a study", origin, {"row", "name", "title", "paper", "claims"}));
  Study study;
  TW_ASSIGN(study.row, fields.Text("row"));
  TW_ASSIGN(study.name, fields.Text("name"));
  TW_ASSIGN(study.title, fields.Text("title"));
  TW_ASSIGN(study.paper, fields.Text("paper"));
  if (study.row.size() != 3 || study.row.find_first_not_of("0123456789") != std::string::npos) {
    return fields.Fails("row", "row must be three digits");
  }
  TW_ASSIGN(const std::vector<YAML::Node> claims, fields.List("claims"));
  if (claims.empty()) return fields.Fails("claims", "the field claims is missing");
  if (claims.size() > kMaxClaims) return fields.Fails("claims", "there are at most " + std::to_string(kMaxClaims) + " claims");
  for (const YAML::Node& node : claims) {
    TW_ASSIGN(Claim claim, OneClaim(node, origin));
    study.claims.push_back(std::move(claim));
  }
  return study;
}

}  // namespace

Result<Study> ParseStudy(std::string_view yaml, const std::string& origin) {
  return ReadYaml(yaml, origin, kMaxText_bytes, Build);
}

}  // namespace tradewind
