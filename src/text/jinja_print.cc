// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_print.h"

#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "text/jinja_ast.h"
#include "text/jinja_eval.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

bool IsPrintable(char32_t code) {
  if (code < 0x7F) return code >= 0x20;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS: return false;
    default: return true;
  }
}

std::string Hex(const char* format, uint32_t value) {
  char buffer[16];
  return std::string(buffer, static_cast<size_t>(std::snprintf(buffer, sizeof(buffer), format, value)));
}

void AddStringRepr(TextBuilder* out, std::string_view text) {
  const bool single = text.find('\'') == std::string_view::npos || text.find('"') != std::string_view::npos;
  const char quote = single ? '\'' : '"';
  std::string escaped(1, quote);
  for (size_t pos = 0; pos < text.size();) {
    const char32_t code = CodePointAt(text, pos);
    const size_t bytes = CodePointBytes(text, pos);
    if (code == static_cast<char32_t>(quote) || code == '\\') {
      escaped.append({'\\', static_cast<char>(code)});
    } else if (code == '\n') {
      escaped += "\\n";
    } else if (code == '\r') {
      escaped += "\\r";
    } else if (code == '\t') {
      escaped += "\\t";
    } else if (IsPrintable(code)) {
      escaped.append(text.substr(pos, bytes));
    } else {
      escaped += Hex(code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<uint32_t>(code));
    }
    pos += bytes;
    if (escaped.size() > 4096) {
      out->Add(escaped);
      escaped.clear();
    }
  }
  escaped.push_back(quote);
  out->Add(escaped);
}

void AddItems(TextBuilder* out, std::span<const Value> items, int depth) {
  bool first = true;
  for (const Value& item : items) {
    if (!first) out->Add(", ");
    first = false;
    AddRepr(out, item, depth + 1);
  }
}

void AddDictRepr(TextBuilder* out, const Dict& dict, int depth) {
  out->Add("{");
  bool first = true;
  for (const Entry& entry : dict.span()) {
    if (!first) out->Add(", ");
    first = false;
    AddRepr(out, entry.key, depth + 1);
    out->Add(": ");
    AddRepr(out, entry.value, depth + 1);
  }
  out->Add("}");
}

void AddNamespaceRepr(TextBuilder* out, const Namespace& ns, int depth) {
  out->Add("<Namespace {");
  for (uint32_t i = 0; i < ns.size; ++i) {
    if (i > 0) out->Add(", ");
    AddStringRepr(out, ns.variables[i].name);
    out->Add(": ");
    AddRepr(out, ns.variables[i].value, depth + 1);
  }
  out->Add("}>");
}

void AddRangeRepr(TextBuilder* out, const Range& range) {
  out->Add("range(" + std::to_string(range.start) + ", " + std::to_string(range.stop));
  if (range.step != 1) out->Add(", " + std::to_string(range.step));
  out->Add(")");
}

}  // namespace

void TextBuilder::Repeat(std::string_view text, int64_t count) {
  if (count <= 0 || text.empty()) return;
  rt_.CheckRoom(static_cast<uint64_t>(count), text.size());
  rt_.CheckRoom(text_.size() + static_cast<uint64_t>(count) * text.size());
  rt_.ChargeText(static_cast<uint64_t>(count) * text.size());
  text_.reserve(text_.size() + static_cast<uint64_t>(count) * text.size());
  for (int64_t i = 0; i < count; ++i) text_.append(text);
}

std::string FloatText(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const size_t e = text.find('e');
  int exponent = 0;
  const size_t digits_of_exponent = e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(text.data() + digits_of_exponent, text.data() + text.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(text);
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  std::string out = text[0] == '-' ? "-" : "";
  if (exponent < 0) return out + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  const std::string fraction = digits.substr(whole);
  return out + digits.substr(0, whole) + "." + (fraction.empty() ? "0" : fraction);
}

void AddRepr(TextBuilder* out, const Value& value, int depth) {
  Runtime& rt = out->rt();
  rt.Charge(1);
  // Only a namespace that holds itself gets here: other values are limited when they are made.
  if (depth > 2 * rt.limits().depth) rt.Fail(StatusCode::kInvalidInput, "a value nested too deeply to print (limit: depth)");
  switch (value.kind) {
    case Kind::kUndefined: out->Add("Undefined"); break;
    case Kind::kNone: out->Add("None"); break;
    case Kind::kBool: out->Add(value.boolean ? "True" : "False"); break;
    case Kind::kInt: out->Add(std::to_string(value.integer)); break;
    case Kind::kFloat: out->Add(FloatText(value.real)); break;
    case Kind::kString: AddStringRepr(out, value.text()); break;
    case Kind::kList:
      out->Add("[");
      AddItems(out, value.list->span(), depth);
      out->Add("]");
      break;
    case Kind::kTuple:
      out->Add("(");
      AddItems(out, value.list->span(), depth);
      out->Add(value.list->size == 1 ? ",)" : ")");
      break;
    case Kind::kView:
      out->Add(value.list->view_of);
      out->Add("([");
      AddItems(out, value.list->span(), depth);
      out->Add("])");
      break;
    case Kind::kDict: AddDictRepr(out, *value.dict, depth); break;
    case Kind::kNamespace: AddNamespaceRepr(out, *value.ns, depth); break;
    case Kind::kRange: AddRangeRepr(out, *value.range); break;
    case Kind::kMacro:
      out->Add("<Macro ");
      AddStringRepr(out, value.macro->stmt->text);
      out->Add(">");
      break;
    default: rt.Fail("a " + std::string(TypeName(value)) + " has no text of its own: print what it holds (for a generator, with |list)");
  }
}

void CheckLines(Runtime& rt, std::string_view text) {
  // The bytes that end a line, alone or as the last of a character: some count that end none.
  const auto ends = std::count_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x0A && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1E) || byte == 0x85 || byte == 0xA8 || byte == 0xA9;
  });
  rt.CheckRoom(static_cast<uint64_t>(ends), sizeof(Value));
  rt.ChargeText(text.size());
}

Value ReplaceText(Runtime& rt, std::string_view text, std::string_view from, std::string_view to, int64_t max) {
  TextBuilder builder(rt);
  rt.ChargeText(text.size());
  size_t pos = 0;
  for (; max != 0; --max) {
    const size_t found = FindText(text, from, pos);
    if (found == std::string_view::npos) break;
    rt.Charge(1);
    builder.Add(text.substr(pos, found - pos));
    builder.Add(to);
    pos = found + from.size();
    if (from.empty()) {  // stands before every character and at the end
      if (found == text.size()) break;
      const size_t bytes = CodePointBytes(text, found);
      builder.Add(text.substr(found, bytes));
      pos = found + bytes;
    }
  }
  if (pos < text.size()) builder.Add(text.substr(pos));
  return builder.Finish();
}

std::string_view Text(Runtime& rt, const Value& value) {
  if (value.IsString()) return value.text();
  if (value.IsUndefined()) return {};
  TextBuilder builder(rt);
  AddRepr(&builder, value);
  return builder.Finish().text();
}

}  // namespace tradewind::jinja
