// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tflite.h"

#include <algorithm>

#include "base/file.h"
#include "formats/tflite_parser.h"

namespace tradewind {
namespace {

struct TfliteTypeInfo {
  TfliteType type;
  std::string_view name;
  uint64_t bytes;
};
constexpr TfliteTypeInfo kTfliteTypes[] = {
    {TfliteType::kFloat32, "float32", 4}, {TfliteType::kFloat16, "float16", 2}, {TfliteType::kInt32, "int32", 4},
    {TfliteType::kUint8, "uint8", 1},     {TfliteType::kInt64, "int64", 8},     {TfliteType::kString, "string", 0},
    {TfliteType::kBool, "bool", 1},       {TfliteType::kInt16, "int16", 2},     {TfliteType::kInt8, "int8", 1},
    {TfliteType::kFloat64, "float64", 8}, {TfliteType::kUint32, "uint32", 4},   {TfliteType::kUint64, "uint64", 8},
    {TfliteType::kUint16, "uint16", 2}};

const TfliteTypeInfo* FindTfliteType(TfliteType type) {
  const auto* found =
      std::find_if(std::begin(kTfliteTypes), std::end(kTfliteTypes), [&](const TfliteTypeInfo& t) { return t.type == type; });
  return found == std::end(kTfliteTypes) ? nullptr : found;
}

}  // namespace

std::string_view TfliteTypeName(TfliteType type) {
  const TfliteTypeInfo* info = FindTfliteType(type);
  return info == nullptr ? "?" : info->name;
}

uint64_t TfliteTypeBytes(TfliteType type) {
  const TfliteTypeInfo* info = FindTfliteType(type);
  return info == nullptr ? 0 : info->bytes;
}

Result<TfliteModel> ReadTflite(const std::string& path) {
  TW_ASSIGN(MappedFile mapped, MappedFile::Open(path));
  const auto file = std::make_shared<const MappedFile>(std::move(mapped));
  TfliteModel model{.source = path, .keeper = file};
  auto read = TfliteParser::Parse(file->bytes(), model);
  TW_RETURN_IF_ERROR(IfWhole(*file, std::move(read)));
  return model;
}

Result<TfliteModel> ReadTfliteBytes(std::span<const std::byte> bytes, std::string name) {
  const auto copy = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
  TfliteModel model{.source = std::move(name), .keeper = copy};
  TW_RETURN_IF_ERROR(TfliteParser::Parse(*copy, model));
  return model;
}

}  // namespace tradewind
