// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/safetensors.h"

#include "formats/safetensors_parser.h"

namespace tradewind {

uint64_t SafetensorsTensor::values() const {
  uint64_t count = 1;
  for (const uint64_t n : shape) count *= n;
  return count;
}

std::optional<TensorType> SafetensorsTensor::tensor_type() const {
  if (type == "F32") return TensorType::kF32;
  if (type == "F16") return TensorType::kF16;
  if (type == "BF16") return TensorType::kBF16;
  return std::nullopt;
}

Result<Safetensors> Safetensors::Open(const std::string& path) {
  Safetensors out;
  TW_ASSIGN(out.file_, MappedFile::Open(path));
  TW_RETURN_IF_ERROR(IfWhole(*out.file_, SafetensorsParser::Parse(out.file_->bytes(), path, out)));
  return out;
}

Result<Safetensors> Safetensors::FromBytes(std::vector<std::byte> bytes, std::string name) {
  Safetensors out;
  out.memory_ = std::move(bytes);
  TW_RETURN_IF_ERROR(SafetensorsParser::Parse(out.memory_, std::move(name), out));
  return out;
}

const SafetensorsTensor* Safetensors::FindTensor(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

}  // namespace tradewind
