// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML read field by field: each must be known, of its type and within limits, and an error names the file and the line. yaml-cpp reports
// by exceptions: none leaves ReadYaml. Its parser bounds nesting (DepthGuard), and only fields that are known are read, so that aliases
// cannot blow up. For readers' .cc files only.
//
//   Result<Study> Build(const YAML::Node& root, const std::string& origin) {
//     TW_ASSIGN(Fields fields, Fields::Of(root, "a study", origin, {"name", "claims"}));
//     TW_ASSIGN(std::string name, fields.Text("name"));
//   }
//   TW_ASSIGN(Study study, ReadYaml(text, "studies/018.yaml", 1 << 20, Build));
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class Fields {
 public:
  // kInvalidInput if the node is no map, or has a field beside these or one twice.
  static Result<Fields> Of(const YAML::Node& node, const std::string& what, const std::string& origin,
                           std::initializer_list<std::string_view> known);

  int line() const { return line_; }
  bool Has(const std::string& field) const { return fields_.count(field) != 0; }
  YAML::Node Get(const std::string& field) const;
  Result<std::string> Text(const std::string& field) const;  // must be there
  Result<std::string> TextOr(const std::string& field, std::string fallback) const;
  Result<std::string> Line(const std::string& field) const;  // a text without line breaks or tabs; must be there
  Result<double> NumberOr(const std::string& field, double fallback) const;
  Result<bool> FlagOr(const std::string& field, bool fallback) const;
  // One text, or a list of them; empty where the field is absent.
  Result<std::vector<std::string>> Texts(const std::string& field) const;
  // A map of texts; empty where the field is absent.
  Result<std::map<std::string, std::string>> TextMap(const std::string& field) const;
  // One of these words, as its index.
  Result<size_t> WordOr(const std::string& field, std::initializer_list<std::string_view> words, size_t fallback) const;
  Result<std::vector<YAML::Node>> List(const std::string& field) const;

  Status Error(const std::string& field, const std::string& message) const;
  tl::unexpected<Status> Fails(const std::string& field, const std::string& message) const { return Fail(Error(field, message)); }

 private:
  std::string what_;
  std::string origin_;
  int line_ = 0;
  std::map<std::string, YAML::Node> fields_;
  std::map<std::string, int> lines_;
};

// A scalar that is no field of its own, as an item of a list; `what` names it in errors.
Result<std::string> TextOf(const YAML::Node& node, const std::string& what, const std::string& origin);

// What the exception in flight, of yaml-cpp or another, says of the file.
Status YamlProblem(const std::string& origin);

// Gives the root of `yaml` to `build`. kInvalidInput for a text of more than `limit_bytes`, and for whatever yaml-cpp throws.
template <typename T>
Result<T> ReadYaml(std::string_view yaml, const std::string& origin, size_t limit_bytes,
                   Result<T> (*build)(const YAML::Node& root, const std::string& origin)) {
  if (yaml.size() > limit_bytes) {
    return Fail(Status(StatusCode::kInvalidInput, "the file has at most " + std::to_string(limit_bytes) + " bytes").At(origin));
  }
  try {
    return build(YAML::Load(std::string(yaml)), origin);
  } catch (...) {
    return Fail(YamlProblem(origin));
  }
}

// The line of a node, from 1; 0 where it has none.
int LineOf(const YAML::Node& node);
std::string LinePlace(const std::string& origin, int line);

}  // namespace tradewind
