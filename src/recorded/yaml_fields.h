// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fields of one YAML map, read one by one: each must be known, of its type and within limits, and an error names the file and the line. For
// the readers of table files only; yaml-cpp's exceptions are caught by whoever calls YAML::Load.
//
//   TW_ASSIGN(Fields fields, Fields::Of(node, "a metric", origin, {"name", "unit"}));
//   TW_ASSIGN(std::string name, fields.Text("name"));
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

// The line of a node, from 1; 0 where it has none.
int LineOf(const YAML::Node& node);
std::string LinePlace(const std::string& origin, int line);

}  // namespace tradewind
