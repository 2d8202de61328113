// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML to Study. yaml-cpp reports by exceptions: none leaves this file.
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <set>

#include "study/study.h"

namespace tradewind {
namespace {

constexpr size_t kMaxText_bytes = 256 << 10;
constexpr size_t kMaxClaims = 64;
constexpr size_t kMaxParameters = 64;

struct Context {
  const std::string& origin;

  tl::unexpected<Status> Error(const YAML::Mark& mark, const std::string& message) const {
    const std::string line = mark.line >= 0 ? ", line " + std::to_string(mark.line + 1) : "";
    return Fail(Status(StatusCode::kInvalidInput, message).At(origin + line));
  }
};

Result<std::string> Text(const Context& context, const YAML::Node& node, const std::string& field) {
  if (!node.IsScalar() || node.Scalar().empty()) return context.Error(node.Mark(), field + " must be a text");
  return node.Scalar();
}

template <typename Enum>
Result<Enum> OneOf(const Context& context, const YAML::Node& node, const std::string& field, std::string_view (*name)(Enum),
                   std::initializer_list<Enum> all) {
  TW_ASSIGN(const std::string text, Text(context, node, field));
  std::string known;
  for (const Enum value : all) {
    if (text == name(value)) return value;
    known += (known.empty() ? "" : ", ") + std::string(name(value));
  }
  return context.Error(node.Mark(), field + " is \"" + text + "\"; it must be one of " + known);
}

Result<std::map<std::string, std::string>> Parameters(const Context& context, const YAML::Node& node) {
  if (!node.IsMap() || node.size() > kMaxParameters) return context.Error(node.Mark(), "with must be a map of parameters");
  std::map<std::string, std::string> with;
  for (const auto& entry : node) {
    TW_ASSIGN(const std::string key, Text(context, entry.first, "a parameter's name"));
    TW_ASSIGN(std::string value, Text(context, entry.second, key));
    if (!with.emplace(key, std::move(value)).second) return context.Error(entry.first.Mark(), "the parameter " + key + " stands twice");
  }
  return with;
}

Result<void> SetField(const Context& context, const std::string& key, const YAML::Node& value, Claim& claim) {
  if (key == "with") {
    TW_ASSIGN(claim.with, Parameters(context, value));
    return {};
  }
  if (key == "kind") {
    TW_ASSIGN(claim.kind, OneOf(context, value, key, ClaimKindName, {ClaimKind::kCompare, ClaimKind::kFrontier, ClaimKind::kLaw}));
    return {};
  }
  if (key == "evidence") {
    TW_ASSIGN(claim.evidence, OneOf(context, value, key, EvidenceName,
                                    {Evidence::kReal, Evidence::kTrainedHere, Evidence::kPublicTable, Evidence::kSimulated}));
    return {};
  }
  TW_ASSIGN(std::string text, Text(context, value, key));
  if (key == "floor") {
    auto floor = ParseFloor(text);
    if (!floor) return context.Error(value.Mark(), floor.error().message());
    claim.floor = std::move(*floor);
  } else if (key == "published") {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return context.Error(value.Mark(), "published must be a number");
    claim.published = number;
  } else if (key == "claim") {
    claim.claim = std::move(text);
  } else if (key == "claimed") {
    claim.claimed = std::move(text);
  } else if (key == "analysis") {
    claim.analysis = std::move(text);
  } else if (key == "number") {
    claim.number = std::move(text);
  } else if (key == "pending") {
    claim.pending = std::move(text);
  } else {
    return context.Error(value.Mark(), "unknown field \"" + key + "\" of a claim");
  }
  return {};
}

Result<Claim> OneClaim(const Context& context, const YAML::Node& node) {
  if (!node.IsMap()) return context.Error(node.Mark(), "each claim must be a map");
  Claim claim;
  std::set<std::string> seen;
  for (const auto& field : node) {
    TW_ASSIGN(const std::string key, Text(context, field.first, "a field's name"));
    if (!seen.insert(key).second) return context.Error(field.first.Mark(), "the field " + key + " stands twice");
    TW_RETURN_IF_ERROR(SetField(context, key, field.second, claim));
  }
  if (claim.claim.empty()) return context.Error(node.Mark(), "a claim needs the field claim: what is claimed, in a sentence");
  if (claim.analysis.empty() && claim.pending.empty()) {
    return context.Error(node.Mark(), "a claim needs an analysis, or pending: what it waits for");
  }
  if (!claim.analysis.empty() && !claim.floor) return context.Error(node.Mark(), "a claim with an analysis needs a floor");
  return claim;
}

Result<Study> Build(const Context& context, const YAML::Node& root) {
  if (!root.IsMap()) return context.Error(root.Mark(), "a study is a map with row, name, title, paper and claims");
  Study study;
  const std::map<std::string, std::string*> texts = {
      {"row", &study.row}, {"name", &study.name}, {"title", &study.title}, {"paper", &study.paper}};
  for (const auto& field : root) {
    TW_ASSIGN(const std::string key, Text(context, field.first, "a field's name"));
    const auto text = texts.find(key);
    if (text != texts.end()) {
      TW_ASSIGN(*text->second, Text(context, field.second, key));
    } else if (key == "claims") {
      if (!field.second.IsSequence() || field.second.size() == 0 || field.second.size() > kMaxClaims) {
        return context.Error(field.second.Mark(), "claims must be a list of 1 to " + std::to_string(kMaxClaims));
      }
      for (const YAML::Node& node : field.second) {
        TW_ASSIGN(Claim claim, OneClaim(context, node));
        study.claims.push_back(std::move(claim));
      }
    } else {
      return context.Error(field.first.Mark(), "unknown field \"" + key + "\" of a study");
    }
  }
  for (const auto& [key, value] : texts) {
    if (value->empty()) return context.Error(root.Mark(), "the study lacks the field " + key);
  }
  if (study.claims.empty()) return context.Error(root.Mark(), "the study lacks the field claims");
  if (study.row.size() != 3 || study.row.find_first_not_of("0123456789") != std::string::npos) {
    return context.Error(root.Mark(), "row must be three digits");
  }
  return study;
}

}  // namespace

Result<Study> ParseStudy(std::string_view yaml, const std::string& origin) {
  const Context context{origin};
  if (yaml.size() > kMaxText_bytes) {
    return Fail(Status(StatusCode::kInvalidInput, "a study has at most " + std::to_string(kMaxText_bytes) + " bytes").At(origin));
  }
  try {
    return Build(context, YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return context.Error(error.mark, "not valid YAML: " + error.msg);
  } catch (const std::exception& error) {
    return context.Error(YAML::Mark::null_mark(), std::string("not readable as YAML: ") + error.what());
  }
}

}  // namespace tradewind
