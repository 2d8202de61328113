// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/setting.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tradewind {
namespace {

constexpr size_t kMaxSettingBytes = size_t{1} << 16;
constexpr size_t kMaxComparedBytes = 64;  // of a name that was not found
constexpr size_t kNearestShown = 3;

// Control characters are escaped too, so that a setting is one line wherever it is printed.
bool NeedsEscape(char c) {
  return c == ' ' || c == '=' || c == '%' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

void AppendEscaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (!NeedsEscape(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `offset` is where `text` stands in the whole, for the error.
Result<std::string> Unescape(std::string_view text, size_t offset) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Fail(Status(StatusCode::kInvalidInput, "setting: '%' must be followed by two hex digits; write a percent sign as %25")
                      .At("setting", offset + i));
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

Result<Setting> Setting::Parse(std::string_view text, std::span<const Knob> knobs) {
  if (text.size() > kMaxSettingBytes) {
    return Fail(StatusCode::kInvalidInput,
                "setting: " + std::to_string(text.size()) + " bytes; at most " + std::to_string(kMaxSettingBytes));
  }
  Setting setting;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view pair = text.substr(begin, end - begin);
    const size_t offset = begin;
    begin = end + 1;
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return Fail(Status(StatusCode::kInvalidInput,
                         "setting: \"" + std::string(pair.substr(0, kMaxComparedBytes)) + "\" has no '='; write name=value")
                      .At("setting", offset));
    }
    TW_ASSIGN(const std::string name, Unescape(pair.substr(0, equals), offset));
    TW_ASSIGN(const std::string value_text, Unescape(pair.substr(equals + 1), offset + equals + 1));
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, name));
    if (setting.Has(name)) return Fail(Status(StatusCode::kInvalidInput, "setting: " + name + " is given twice").At(name, offset));
    TW_ASSIGN(KnobValue value, knob->Parse(value_text));
    setting.Set(name, std::move(value));
  }
  return setting;
}

const KnobValue* Setting::Find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

int64_t Setting::IntegerOr(const std::string& name, int64_t fallback) const {
  const KnobValue* value = Find(name);
  const auto* integer = value ? std::get_if<int64_t>(value) : nullptr;
  return integer ? *integer : fallback;
}

std::string Setting::TextOr(const std::string& name, std::string fallback) const {
  const KnobValue* value = Find(name);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : fallback;
}

Setting Setting::Canonical(std::span<const Knob> knobs) const {
  Setting canonical = *this;
  for (const Knob& knob : knobs) {
    const KnobValue* value = Find(knob.name);
    if (value && !knob.resolved_default && *value == knob.default_value) canonical.Erase(knob.name);
  }
  return canonical;
}

Setting Setting::OfStages(std::span<const Knob> knobs, Stage first, Stage last) const {
  Setting part;
  for (const Knob& knob : knobs) {
    const KnobValue* value = Find(knob.name);
    if (value && knob.stage >= first && knob.stage <= last) part.Set(knob.name, *value);
  }
  return part;
}

Setting Setting::With(const Setting& over) const {
  Setting merged = *this;
  for (const auto& [name, value] : over.values_) merged.Set(name, value);
  return merged;
}

std::string Setting::Text() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    if (!text.empty()) text += ' ';
    AppendEscaped(text, name);
    text += '=';
    AppendEscaped(text, ToText(value));
  }
  return text;
}

// One row at a time.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

Result<const Knob*> FindKnob(std::span<const Knob> knobs, std::string_view name) {
  for (const Knob& knob : knobs) {
    if (knob.name == name) return &knob;
  }
  const std::string_view compared = name.substr(0, kMaxComparedBytes);
  std::vector<std::pair<size_t, std::string>> near;
  for (const Knob& knob : knobs) near.emplace_back(EditDistance(compared, knob.name), knob.name);
  std::sort(near.begin(), near.end());
  std::string message = "no knob \"" + std::string(compared) + (name.size() > compared.size() ? "...\"" : "\"");
  for (size_t i = 0; i < std::min(near.size(), kNearestShown); ++i) message += (i == 0 ? "; nearest: " : ", ") + near[i].second;
  return Fail(StatusCode::kNotFound, message + ". `tradewind knobs` lists all");
}

}  // namespace tradewind
