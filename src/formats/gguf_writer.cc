// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gguf_writer.h"

#include <set>
#include <type_traits>

#include "formats/gguf_parser.h"
#include "formats/gguf_text.h"

namespace tradewind {
namespace {

using Buffer = std::vector<std::byte>;

void PutBytes(Buffer& out, std::span<const std::byte> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Byte by byte: g++ 12 sees an overflow where a range is inserted into a vector that it knows to be empty.
template <typename T>
void Put(Buffer& out, T value) {
  for (const std::byte b : std::as_bytes(std::span(&value, 1))) out.push_back(b);
}

void PutString(Buffer& out, std::string_view text) {
  Put<uint64_t>(out, text.size());
  for (const char c : text) Put(out, c);
}

void PutValue(Buffer& out, const GgufWriter::Value& value) {
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::string>) {
          PutString(out, v);
        } else if constexpr (std::is_same_v<T, GgufArrayBytes>) {
          Put<uint32_t>(out, static_cast<uint32_t>(v.element_type));
          Put<uint64_t>(out, v.count);
          PutBytes(out, v.raw);
        } else {
          Put(out, v);
        }
      },
      value);
}

void Pad(Buffer& out, uint64_t alignment) {
  out.resize((out.size() + alignment - 1) / alignment * alignment);
}

tl::unexpected<Status> Unwritable(std::string_view what, std::string_view name, std::string problem) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(problem)).At(std::string(what) + " " + Quoted(name)));
}

// The bytes of a tensor that a reader takes.
Result<uint64_t> SizeOf(const std::string& name, TensorType type, std::span<const uint64_t> shape) {
  if (name.empty() || name.size() > GgufLimits::kTensorNameBytes) return Unwritable("tensor", name, "a tensor's name has 1 to 64 bytes");
  if (shape.empty() || shape.size() > 4) return Unwritable("tensor", name, "a tensor has 1 to 4 dimensions");
  uint64_t size = RowBytes(type, shape[0]).value_or(0);
  for (const uint64_t length : shape.subspan(1)) {
    if (__builtin_mul_overflow(size, length, &size)) size = 0;
  }
  if (size == 0) return Unwritable("tensor", name, "the shape is empty, overflows, or has rows that are no whole number of blocks");
  return size;
}

// The value of a key of a file that was read, in its own width.
GgufWriter::Value NarrowValue(const GgufMetadata::Entry& entry) {
  const auto narrow = [&](auto as) -> GgufWriter::Value {
    using T = decltype(as);
    return std::visit(
        [](const auto& v) -> GgufWriter::Value {
          if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>) return static_cast<T>(v);
          return T{};
        },
        entry.value);
  };
  switch (entry.type) {
    case GgufValueType::kUint8: return narrow(uint8_t{});
    case GgufValueType::kInt8: return narrow(int8_t{});
    case GgufValueType::kUint16: return narrow(uint16_t{});
    case GgufValueType::kInt16: return narrow(int16_t{});
    case GgufValueType::kUint32: return narrow(uint32_t{});
    case GgufValueType::kInt32: return narrow(int32_t{});
    case GgufValueType::kFloat32: return narrow(float{});
    case GgufValueType::kBool: return narrow(bool{});
    case GgufValueType::kUint64: return narrow(uint64_t{});
    case GgufValueType::kInt64: return narrow(int64_t{});
    case GgufValueType::kFloat64: return narrow(double{});
    case GgufValueType::kString: return std::string(std::get<std::string_view>(entry.value));
    case GgufValueType::kArray: break;
  }
  const auto& array = std::get<GgufArray>(entry.value);
  return GgufArrayBytes{array.element_type, array.count, {array.raw.begin(), array.raw.end()}};
}

}  // namespace

GgufArrayBytes GgufArrayBytes::OfStrings(std::span<const std::string> values) {
  GgufArrayBytes array;
  array.element_type = GgufValueType::kString;
  array.count = values.size();
  for (const std::string& value : values) PutString(array.raw, value);
  return array;
}

void GgufWriter::Add(std::string key, Value value) {
  entries_.push_back({std::move(key), std::move(value)});
}

void GgufWriter::Add(const GgufMetadata::Entry& entry) {
  Add(std::string(entry.key), NarrowValue(entry));
}

void GgufWriter::Set(std::string key, Value value) {
  for (Entry& entry : entries_) {
    if (entry.key == key) {
      entry.value = std::move(value);
      return;
    }
  }
  Add(std::move(key), std::move(value));
}

void GgufWriter::AddTensor(std::string name, TensorType type, std::vector<uint64_t> shape) {
  tensors_.push_back({std::move(name), type, std::move(shape), std::nullopt});
}

void GgufWriter::AddTensor(std::string name, TensorType type, std::vector<uint64_t> shape, std::span<const std::byte> data) {
  tensors_.push_back({std::move(name), type, std::move(shape), data});
}

Result<uint64_t> GgufWriter::Alignment() const {
  for (const Entry& entry : entries_) {
    if (entry.key != kGgufAlignmentKey) continue;
    const auto* alignment = std::get_if<uint32_t>(&entry.value);
    if (!alignment || !IsGgufAlignment(*alignment)) {
      return Unwritable("key", entry.key, "the alignment must be a uint32, a power of two from 8 to 65536");
    }
    return *alignment;
  }
  return kGgufDefaultAlignment;
}

Result<void> GgufWriter::Check() const {
  std::set<std::string_view> seen;
  for (const Entry& entry : entries_) {
    if (entry.key.empty() || entry.key.size() > GgufLimits::kKeyBytes) return Unwritable("key", entry.key, "a key has 1 to 65535 bytes");
    if (!IsPrintable(entry.key)) return Unwritable("key", entry.key, "a key must be printable ASCII");
    if (!seen.insert(entry.key).second) return Unwritable("key", entry.key, "the key was added twice");
  }
  seen.clear();
  for (const Tensor& tensor : tensors_) {
    if (!seen.insert(tensor.name).second) return Unwritable("tensor", tensor.name, "the tensor was added twice");
    TW_ASSIGN(const uint64_t size, SizeOf(tensor.name, tensor.type, tensor.shape));
    if (tensor.data && tensor.data->size() != size) {
      return Unwritable(
          "tensor", tensor.name,
          "the shape needs " + std::to_string(size) + " bytes of data, " + std::to_string(tensor.data->size()) + " were given");
    }
  }
  return {};
}

Result<Buffer> GgufWriter::Header() const {
  TW_ASSIGN(const uint64_t alignment, Alignment());
  TW_RETURN_IF_ERROR(Check());
  Buffer out;
  for (const char c : {'G', 'G', 'U', 'F'}) Put(out, c);
  Put<uint32_t>(out, kGgufVersion);
  Put<uint64_t>(out, tensors_.size());
  Put<uint64_t>(out, entries_.size());
  for (const Entry& entry : entries_) {
    PutString(out, entry.key);
    Put<uint32_t>(out, static_cast<uint32_t>(entry.value.index()));
    PutValue(out, entry.value);
  }
  uint64_t offset = 0;
  for (const Tensor& tensor : tensors_) {
    PutString(out, tensor.name);
    Put<uint32_t>(out, static_cast<uint32_t>(tensor.shape.size()));
    for (const uint64_t length : tensor.shape) Put(out, length);
    Put<uint32_t>(out, InfoOf(tensor.type).gguf_id);
    Put<uint64_t>(out, offset);
    TW_ASSIGN(const uint64_t size, SizeOf(tensor.name, tensor.type, tensor.shape));
    offset += (size + alignment - 1) / alignment * alignment;
  }
  Pad(out, alignment);
  return out;
}

Result<Buffer> GgufWriter::Bytes() const {
  TW_ASSIGN(const uint64_t alignment, Alignment());
  TW_ASSIGN(Buffer out, Header());
  for (const Tensor& tensor : tensors_) {
    if (!tensor.data) return Unwritable("tensor", tensor.name, "its data was not given");
    PutBytes(out, *tensor.data);
    Pad(out, alignment);
  }
  return out;
}

}  // namespace tradewind
