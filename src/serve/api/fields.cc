// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/fields.h"

#include <algorithm>
#include <utility>

#include "core/knob.h"
#include "core/setting.h"

namespace tradewind {
namespace {

constexpr size_t kShownBytes = 64;  // of a name that a client made up

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool IsIdentifierChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// A cut may not leave part of a character behind.
std::string Shown(std::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

bool AsksForNothing(JsonNode node) {
  switch (node.kind()) {
    case JsonKind::kNull: return true;
    case JsonKind::kBool: return !node.boolean();
    case JsonKind::kInteger: return node.integer() == 0;
    case JsonKind::kHuge: return false;
    case JsonKind::kReal: return node.number() == 0;
    case JsonKind::kText:
    case JsonKind::kArray:
    case JsonKind::kObject: return node.size() == 0;
  }
  return false;
}

tl::unexpected<Status> WrongKind(JsonNode node, const std::string& where, std::string_view wanted) {
  return Fail(BadField(where, "must be " + std::string(wanted) + ", not " + std::string(JsonKindName(node.kind()))));
}

tl::unexpected<Status> OutsideRange(const std::string& where, const KnobValue& low, const KnobValue& high, const std::string& value) {
  return Fail(BadField(where, "must be between " + ToText(low) + " and " + ToText(high) + ", not " + value));
}

}  // namespace

Status BadField(const std::string& where, std::string_view why) {
  return Status(StatusCode::kInvalidInput, where + " " + std::string(why)).At(where);
}

Status UnsupportedField(const std::string& where, std::string_view why) {
  return Status(StatusCode::kUnsupported, where + " is not supported: " + std::string(why)).At(where);
}

std::string ItemPlace(const std::string& list, size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

std::string MemberPlace(const std::string& object, std::string_view name) {
  return object.empty() ? std::string(name) : object + "." + std::string(name);
}

Result<std::string_view> TextAt(JsonNode node, const std::string& where) {
  if (node.kind() != JsonKind::kText) return WrongKind(node, where, "a text");
  return node.text();
}

Result<int64_t> IntegerAt(JsonNode node, const std::string& where, int64_t low, int64_t high) {
  if (node.kind() == JsonKind::kHuge) return OutsideRange(where, low, high, std::to_string(node.huge()));
  if (node.kind() != JsonKind::kInteger) return WrongKind(node, where, "a whole number");
  const int64_t value = node.integer();
  if (value < low || value > high) return OutsideRange(where, low, high, std::to_string(value));
  return value;
}

Result<double> RealAt(JsonNode node, const std::string& where, double low, double high) {
  if (!node.IsNumber()) return WrongKind(node, where, "a number");
  const double value = node.number();
  if (value < low || value > high) return OutsideRange(where, low, high, ToText(KnobValue(value)));
  return value;
}

Result<void> ListAt(JsonNode node, const std::string& where, size_t most) {
  if (node.kind() != JsonKind::kArray) return WrongKind(node, where, "a list");
  if (node.size() > most) {
    return Fail(BadField(where, "has " + std::to_string(node.size()) + " items; at most " + std::to_string(most) + " are taken"));
  }
  return {};
}

Result<std::string_view> NameAt(JsonNode node, const std::string& where, size_t most_bytes) {
  TW_ASSIGN(const std::string_view name, TextAt(node, where));
  if (name.empty()) return Fail(BadField(where, "must not be empty"));
  if (name.size() > most_bytes) return Fail(BadField(where, "has over " + std::to_string(most_bytes) + " bytes"));
  if (std::any_of(name.begin(), name.end(), IsControl)) return Fail(BadField(where, "must have no control characters"));
  return name;
}

Result<std::string_view> IdentifierAt(JsonNode node, const std::string& where, size_t most_bytes) {
  TW_ASSIGN(const std::string_view name, NameAt(node, where, most_bytes));
  if (!std::all_of(name.begin(), name.end(), IsIdentifierChar)) return Fail(BadField(where, "may have only letters, digits, _ and -"));
  return name;
}

ApiFields::ApiFields(JsonNode object, std::string where) : where_(std::move(where)) {
  const std::string place = where_.empty() ? "body" : where_;
  if (object.kind() != JsonKind::kObject) {
    fault_ = WrongKind(object, place, "an object").value();
  } else if (object.size() > kMostMembers) {
    fault_ = BadField(place, "has over " + std::to_string(kMostMembers) + " fields");
  } else {
    members_.reserve(object.size());
    for (const JsonNode member : object.children()) members_.push_back({member});
  }
}

std::string ApiFields::Where(std::string_view name) const {
  return MemberPlace(where_, name);
}

std::optional<JsonNode> ApiFields::Take(std::string_view name, bool wanted) {
  if (wanted) wanted_.push_back(name);
  for (Member& member : members_) {
    if (member.node.key() != name) continue;
    member.known = true;
    return fault_ || member.node.IsNull() ? std::nullopt : std::optional(member.node);
  }
  return std::nullopt;
}

bool ApiFields::Has(std::string_view name) const {
  return std::any_of(members_.begin(), members_.end(), [&](const Member& m) { return m.node.key() == name && !m.node.IsNull(); });
}

bool ApiFields::Check(const Result<void>& part) {
  return part ? ok() : Check(part.error());
}

bool ApiFields::Check(Status fault) {
  if (!fault_) fault_ = std::move(fault);
  return false;
}

template <typename T, typename To>
bool ApiFields::Put(const Result<T>& read, To* out) {
  if (!read) return Check(read.error());
  *out = To(*read);
  return true;
}

bool ApiFields::Text(std::string_view name, std::string* out) {
  const auto node = Take(name);
  return node && Put(TextAt(*node, Where(name)), out);
}

bool ApiFields::Name(std::string_view name, std::string* out, size_t most_bytes) {
  const auto node = Take(name);
  return node && Put(NameAt(*node, Where(name), most_bytes), out);
}

bool ApiFields::Identifier(std::string_view name, std::string* out, size_t most_bytes) {
  const auto node = Take(name);
  return node && Put(IdentifierAt(*node, Where(name), most_bytes), out);
}

bool ApiFields::Integer(std::string_view name, int64_t* out, int64_t low, int64_t high) {
  const auto node = Take(name);
  return node && Put(IntegerAt(*node, Where(name), low, high), out);
}

bool ApiFields::Real(std::string_view name, double* out, double low, double high) {
  const auto node = Take(name);
  return node && Put(RealAt(*node, Where(name), low, high), out);
}

bool ApiFields::Bool(std::string_view name, bool* out) {
  const auto node = Take(name);
  if (!node) return false;
  if (node->kind() != JsonKind::kBool) return Check(WrongKind(*node, Where(name), "true or false").value());
  *out = node->boolean();
  return true;
}

std::optional<std::string_view> ApiFields::Word(std::string_view name, std::initializer_list<std::string_view> words) {
  const auto node = Take(name);
  std::string_view word;
  if (!node || !Put(TextAt(*node, Where(name)), &word)) return std::nullopt;
  if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  std::string known;
  for (const std::string_view w : words) known += (known.empty() ? "\"" : ", \"") + std::string(w) + "\"";
  Check(BadField(Where(name), "must be one of " + known + ", not \"" + Shown(word) + "\""));
  return std::nullopt;
}

std::optional<JsonNode> ApiFields::List(std::string_view name, size_t most) {
  const auto node = Take(name);
  return node && Check(ListAt(*node, Where(name), most)) ? node : std::nullopt;
}

std::optional<JsonNode> ApiFields::Object(std::string_view name) {
  const auto node = Take(name);
  if (!node || node->kind() == JsonKind::kObject) return node;
  Check(WrongKind(*node, Where(name), "an object").value());
  return std::nullopt;
}

std::optional<JsonNode> ApiFields::Any(std::string_view name) {
  return Take(name);
}

void ApiFields::Require(std::string_view name) {
  if (ok() && !Has(name)) Check(BadField(Where(name), "is missing"));
}

void ApiFields::Ignore(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) Take(name);
}

void ApiFields::Refuse(std::initializer_list<std::string_view> names, std::string_view why) {
  for (const std::string_view name : names) {
    const auto node = Take(name, false);
    if (node && !AsksForNothing(*node)) Check(UnsupportedField(Where(name), why));
  }
}

void ApiFields::RefuseUnless(std::string_view name, std::initializer_list<std::string_view> words, std::string_view why) {
  const auto node = Take(name, false);
  const bool plain = node && node->kind() == JsonKind::kText && std::find(words.begin(), words.end(), node->text()) != words.end();
  if (node && !plain && !AsksForNothing(*node)) Check(UnsupportedField(Where(name), why));
}

std::string_view ApiFields::NearestTo(std::string_view name) const {
  std::string_view nearest;
  size_t least = 2 + name.size() / 4;  // more differences make another word
  for (const std::string_view wanted : wanted_) {
    const bool longer = name.size() >= 3 && wanted.starts_with(name);  // a unit was left out
    const size_t distance = longer ? 1 : EditDistance(wanted, name);
    if (distance < least) {
      least = distance;
      nearest = wanted;
    }
  }
  return nearest;
}

Result<void> ApiFields::Finish() {
  if (fault_) return Fail(*fault_);
  for (const Member& member : members_) {
    if (member.known) continue;
    const std::string_view name = member.node.key();
    if (name.empty()) return Fail(BadField(where_.empty() ? "body" : where_, "has a field whose name is empty"));
    std::string why = "is no field that is known here";
    const std::string_view near = NearestTo(name.substr(0, kShownBytes));
    if (!near.empty()) why += "; did you mean \"" + std::string(near) + "\"?";
    return Fail(BadField(Where(Shown(name)), why));
  }
  return {};
}

}  // namespace tradewind
