// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/yaml_fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tradewind {
namespace {

constexpr size_t kMaxField_bytes = 4096;
constexpr size_t kMaxList = 4096;

Result<std::string> ScalarOf(const YAML::Node& node) {
  if (!node.IsScalar() || node.Scalar().empty()) return Fail(StatusCode::kInvalidInput, "must be a text");
  if (node.Scalar().size() > kMaxField_bytes) return Fail(StatusCode::kInvalidInput, "is longer than 4096 bytes");
  for (const char c : node.Scalar()) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) return Fail(StatusCode::kInvalidInput, "holds a control character");
  }
  return node.Scalar();
}

}  // namespace

int LineOf(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return mark.line >= 0 ? mark.line + 1 : 0;
}

std::string LinePlace(const std::string& origin, int line) {
  return line > 0 ? origin + ", line " + std::to_string(line) : origin;
}

Result<Fields> Fields::Of(const YAML::Node& node, const std::string& what, const std::string& origin,
                          std::initializer_list<std::string_view> known) {
  Fields fields;
  fields.what_ = what;
  fields.origin_ = origin;
  fields.line_ = LineOf(node);
  const auto error = [&](int line, const std::string& message) {
    return Fail(Status(StatusCode::kInvalidInput, message).At(LinePlace(origin, line)));
  };
  std::string names;
  for (const std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  if (!node.IsMap()) return error(fields.line_, what + " must be a map of the fields " + names);
  for (const auto& entry : node) {
    const int line = LineOf(entry.first);
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return error(line, what + " has no field \"" + name.substr(0, 64) + "\"; there are " + names);
    }
    if (entry.second.IsNull()) return error(line, what + ": " + name + " has no value; give one, or take the field out");
    if (!fields.fields_.emplace(name, entry.second).second) return error(line, what + ": " + name + " stands twice; keep one");
    fields.lines_[name] = line;
  }
  return fields;
}

YAML::Node Fields::Get(const std::string& field) const {
  const auto found = fields_.find(field);
  return found == fields_.end() ? YAML::Node() : found->second;
}

Status Fields::Error(const std::string& field, const std::string& message) const {
  const auto found = lines_.find(field);
  return Status(StatusCode::kInvalidInput, what_ + ": " + message).At(LinePlace(origin_, found == lines_.end() ? line_ : found->second));
}

Result<std::string> Fields::Text(const std::string& field) const {
  if (!Has(field)) return Fails(field, "the field " + field + " is missing");
  auto text = ScalarOf(Get(field));
  if (!text) return Fails(field, field + " " + text.error().message());
  return text;
}

Result<std::string> Fields::TextOr(const std::string& field, std::string fallback) const {
  if (!Has(field)) return fallback;
  return Text(field);
}

Result<double> Fields::NumberOr(const std::string& field, double fallback) const {
  if (!Has(field)) return fallback;
  TW_ASSIGN(const std::string text, Text(field));
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return Fails(field, field + " must be a finite number, not \"" + text.substr(0, 64) + "\"");
  }
  return value;
}

Result<bool> Fields::FlagOr(const std::string& field, bool fallback) const {
  TW_ASSIGN(const size_t word, WordOr(field, {"false", "true"}, fallback ? 1 : 0));
  return word == 1;
}

Result<std::vector<std::string>> Fields::Texts(const std::string& field) const {
  std::vector<std::string> texts;
  if (!Has(field)) return texts;
  if (Get(field).IsScalar()) {
    TW_ASSIGN(std::string one, Text(field));
    texts.push_back(std::move(one));
    return texts;
  }
  TW_ASSIGN(const std::vector<YAML::Node> list, List(field));
  for (const YAML::Node& item : list) {
    auto text = ScalarOf(item);
    if (!text) return Fails(field, "an item of " + field + " " + text.error().message());
    texts.push_back(std::move(*text));
  }
  return texts;
}

Result<std::map<std::string, std::string>> Fields::TextMap(const std::string& field) const {
  std::map<std::string, std::string> texts;
  if (!Has(field)) return texts;
  const YAML::Node node = Get(field);
  if (!node.IsMap() || node.size() > kMaxList) return Fails(field, field + " must be a map of at most 4096 texts");
  for (const auto& entry : node) {
    auto key = ScalarOf(entry.first);
    auto value = ScalarOf(entry.second);
    if (!key || !value) return Fails(field, "an entry of " + field + " " + (key ? value : key).error().message());
    if (!texts.emplace(std::move(*key), std::move(*value)).second) return Fails(field, "an entry of " + field + " stands twice; keep one");
  }
  return texts;
}

Result<size_t> Fields::WordOr(const std::string& field, std::initializer_list<std::string_view> words, size_t fallback) const {
  if (!Has(field)) return fallback;
  TW_ASSIGN(const std::string text, Text(field));
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<size_t>(found - words.begin());
  std::string names;
  for (const std::string_view word : words) names += (names.empty() ? "" : ", ") + std::string(word);
  return Fails(field, field + " is one of " + names + ", not \"" + text.substr(0, 64) + "\"");
}

Result<std::vector<YAML::Node>> Fields::List(const std::string& field) const {
  std::vector<YAML::Node> list;
  if (!Has(field)) return list;
  const YAML::Node node = Get(field);
  if (!node.IsSequence() || node.size() == 0 || node.size() > kMaxList) return Fails(field, field + " must be a list of 1 to 4096");
  for (const YAML::Node& item : node) list.push_back(item);
  return list;
}

}  // namespace tradewind
