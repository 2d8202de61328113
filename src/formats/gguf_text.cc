// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gguf_text.h"

#include <algorithm>

#include "formats/tensor_type.h"

namespace tradewind {
namespace {

struct KnownType {
  uint32_t id;
  std::string_view name;
};
// Types of the format that this reader has no layout for.
constexpr KnownType kOtherTypes[] = {
    {9, "Q8_1"}, {15, "Q8_K"}, {16, "IQ2_XXS"}, {17, "IQ2_XS"}, {18, "IQ3_XXS"}, {19, "IQ1_S"}, {21, "IQ3_S"}, {22, "IQ2_S"},
    {24, "I8"},  {25, "I16"},  {26, "I32"},     {27, "I64"},    {28, "F64"},     {29, "IQ1_M"}, {34, "TQ1_0"}, {35, "TQ2_0"},
};

}  // namespace

std::string Quoted(std::string_view name) {
  constexpr size_t kLongest = 80;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : name.substr(0, kLongest)) {
    if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
      text += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return text + (name.size() > kLongest ? "...\"" : "\"");
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string GgufTensorTypeText(uint32_t gguf_id) {
  std::string_view name = "unknown";
  if (const auto type = TensorTypeFromGguf(gguf_id)) name = InfoOf(*type).name;
  for (const KnownType& known : kOtherTypes) {
    if (known.id == gguf_id) name = known.name;
  }
  return std::to_string(gguf_id) + " (" + std::string(name) + ")";
}

std::string ReadableTypes() {
  std::string text;
  for (const TensorTypeInfo& info : AllTensorTypes()) {
    if (!text.empty()) text += ", ";
    text += info.name;
  }
  return text;
}

}  // namespace tradewind
