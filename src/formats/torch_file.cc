// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/torch_file.h"

#include <cstring>

#include "base/file.h"
#include "formats/torch_parser.h"

namespace tradewind {

int64_t TorchTensor::values() const {
  int64_t product = 1;
  for (const int64_t dim : shape) product *= dim;
  return product;
}

Result<std::vector<float>> TorchTensor::Floats() const {
  if (type != "Float") return Fail(StatusCode::kUnsupported, "a tensor of type " + type + " is no tensor of floats");
  std::vector<float> values(data.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), data.data(), data.size());
  return values;
}

Result<TorchFile> TorchFile::Open(const std::string& path) {
  TorchFile out;
  out.source_ = path;
  TW_ASSIGN(MappedFile mapped, MappedFile::Open(path));
  const auto file = std::make_shared<const MappedFile>(std::move(mapped));
  out.keepers_.push_back(file);
  TW_RETURN_IF_ERROR(IfWhole(*file, TorchParser::Parse(file->bytes(), out)));
  return out;
}

Result<TorchFile> TorchFile::FromBytes(std::vector<std::byte> bytes, std::string name) {
  TorchFile out;
  out.source_ = std::move(name);
  const auto owned = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  out.keepers_.push_back(owned);
  TW_RETURN_IF_ERROR(TorchParser::Parse(*owned, out));
  return out;
}

const TorchTensor* TorchFile::Find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

}  // namespace tradewind
