// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the GGUF reader. What it refuses must carry a place; what it takes must lie inside the file, be reachable through every
// accessor, and read the same again after the writer wrote it.
#include <cstdlib>
#include <cstring>

#include "formats/gguf.h"
#include "formats/gguf_parser.h"
#include "formats/gguf_writer.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void ReadThroughAccessors(const GgufMetadata& metadata, std::string_view key) {
  const bool any = metadata.Uint(key).has_value() || metadata.Float(key).has_value() || metadata.Bool(key).has_value() ||
                   metadata.String(key).has_value();
  const bool any_or = metadata.UintOr(key, 0).has_value() || metadata.FloatOr(key, 0).has_value() ||
                      metadata.BoolOr(key, false).has_value() || metadata.StringOr(key, "").has_value();
  Require(any == any_or);
  const GgufValue* value = metadata.Find(key);
  Require(metadata.Has(key) && value);
  const auto* array = std::get_if<GgufArray>(value);
  Require(any != (array != nullptr));
  if (!array) return Require(!metadata.Array(key, GgufValueType::kUint8));
  Require(metadata.Array(key, array->element_type).value() == array);
  const uint64_t element_bytes = GgufValueBytes(array->element_type);
  if (element_bytes > 0) Require(array->count * element_bytes == array->raw.size());
  size_t text_bytes = 0;
  for (const std::string_view text : array->Strings()) text_bytes += text.size() + 8;
  if (element_bytes == 0) Require(text_bytes == array->raw.size());
}

void Dequantize(const GgufTensor& tensor) {
  const TensorTypeInfo& info = InfoOf(tensor.type);
  Require(tensor.data.size() == RowBytes(tensor.type, tensor.row_length()).value() * tensor.rows());
  float values[256];
  DequantizeRow(tensor.type, tensor.data.data() + tensor.data.size() - info.block_bytes, std::span(values, info.block_values));
}

GgufWriter::Value ToWrite(const GgufMetadata::Entry& entry) {
  if (entry.key == kGgufAlignmentKey) return static_cast<uint32_t>(std::get<uint64_t>(entry.value));
  return std::visit(
      [](const auto& value) -> GgufWriter::Value {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, GgufArray>) {
          return GgufArrayBytes{value.element_type, value.count, {value.raw.begin(), value.raw.end()}};
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          return std::string(value);
        } else {
          return value;
        }
      },
      entry.value);
}

bool Same(const GgufValue& a, const GgufValue& b) {
  if (a.index() != b.index()) return false;
  if (const auto* array = std::get_if<GgufArray>(&a)) {
    const auto& other = std::get<GgufArray>(b);
    return array->element_type == other.element_type && array->count == other.count && array->Strings() == other.Strings() &&
           array->raw.size() == other.raw.size() && std::equal(array->raw.begin(), array->raw.end(), other.raw.begin());
  }
  if (const auto* number = std::get_if<double>(&a)) return std::memcmp(number, &std::get<double>(b), sizeof(double)) == 0;
  if (const auto* number = std::get_if<uint64_t>(&a)) return *number == std::get<uint64_t>(b);
  if (const auto* number = std::get_if<int64_t>(&a)) return *number == std::get<int64_t>(b);
  if (const auto* flag = std::get_if<bool>(&a)) return *flag == std::get<bool>(b);
  return std::get<std::string_view>(a) == std::get<std::string_view>(b);
}

void WriteAndReadAgain(const Gguf& file) {
  GgufWriter writer;
  for (const auto& entry : file.metadata().entries()) writer.Add(std::string(entry.key), ToWrite(entry));
  for (const GgufTensor& tensor : file.tensors()) {
    writer.AddTensor(std::string(tensor.name), tensor.type, {tensor.shape, tensor.shape + tensor.dimensions}, tensor.data);
  }
  const Gguf again = Gguf::FromBytes(writer.Bytes().value(), "again").value();
  Require(again.metadata().entries().size() == file.metadata().entries().size());
  for (size_t i = 0; i < file.metadata().entries().size(); ++i) {
    Require(Same(file.metadata().entries()[i].value, again.metadata().entries()[i].value));
  }
  Require(again.tensors().size() == file.tensors().size());
  for (const GgufTensor& tensor : file.tensors()) {
    const GgufTensor* other = again.FindTensor(tensor.name);
    Require(other && other->type == tensor.type && std::equal(tensor.shape, tensor.shape + 4, other->shape));
    Require(std::equal(tensor.data.begin(), tensor.data.end(), other->data.begin(), other->data.end()));
  }
}

void RunOne(const uint8_t* data, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  const auto file = Gguf::FromBytes(std::vector<std::byte>(begin, begin + size), "fuzz");
  if (!file) {
    Require(file.error().offset() && *file.error().offset() <= size && !file.error().where().empty());
    return;
  }
  for (const auto& entry : file->metadata().entries()) ReadThroughAccessors(file->metadata(), entry.key);
  for (const GgufTensor& tensor : file->tensors()) Dequantize(tensor);
  WriteAndReadAgain(*file);
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
