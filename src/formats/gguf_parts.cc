// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gguf_parts.h"

#include <algorithm>
#include <cstdio>

#include "formats/gguf_parser.h"
#include "formats/gguf_text.h"

namespace tradewind {
namespace {

// "-00001-of-00003.gguf"
std::string PartSuffix(uint64_t number, uint64_t count) {
  char text[64];
  std::snprintf(text, sizeof(text), "-%05llu-of-%05llu.gguf", static_cast<unsigned long long>(number + 1),
                static_cast<unsigned long long>(count));
  return text;
}

}  // namespace

tl::unexpected<Status> BadKey(const Gguf& file, std::string_view key, const std::string& problem) {
  uint64_t offset = 0;
  for (const auto& entry : file.metadata().entries()) {
    if (entry.key == key) offset = entry.offset;
  }
  return Fail(Status(StatusCode::kInvalidInput, file.source() + ": " + problem).At("key " + Quoted(key), offset));
}

Result<GgufPart> PartOf(const Gguf& file) {
  GgufPart part;
  if (!file.metadata().Has(kSplitCountKey)) return part;
  TW_ASSIGN(part.count, file.metadata().Uint(kSplitCountKey));
  if (part.count <= 1) return GgufPart{};
  if (part.count > GgufLimits::kParts) {
    return BadKey(
        file, kSplitCountKey,
        std::to_string(part.count) + " parts are over the limit of " + std::to_string(GgufLimits::kParts) + "; split it into fewer");
  }
  TW_ASSIGN(part.number, file.metadata().Uint(kSplitNoKey));
  if (part.number >= part.count) {
    return BadKey(file, kSplitNoKey,
                  std::to_string(part.number) + " is no number of one of " + std::to_string(part.count) + " parts (they count from 0)" +
                      "; split the model again");
  }
  TW_ASSIGN(part.tensors, file.metadata().Uint(kSplitTensorsKey));
  if (part.tensors > GgufLimits::kTensors) {
    return BadKey(file, kSplitTensorsKey,
                  std::to_string(part.tensors) + " tensors are over the limit of " + std::to_string(GgufLimits::kTensors) +
                      "; is this a model's first part?");
  }
  return part;
}

Result<std::string> PathOfPart(const std::string& path, const GgufPart& part, uint64_t number) {
  const std::string suffix = PartSuffix(part.number, part.count);
  if (!path.ends_with(suffix)) {
    return Fail(StatusCode::kInvalidInput, path + ": this is part " + std::to_string(part.number + 1) + " of " +
                                               std::to_string(part.count) + ", whose name must end in " + suffix +
                                               " for the others to be found; name the files so");
  }
  return path.substr(0, path.size() - suffix.size()) + PartSuffix(number, part.count);
}

// Opens the other parts of the first one, which `this` is, and takes their tensors in.
Result<void> Gguf::OpenOtherParts() {
  TW_ASSIGN(const GgufPart first, PartOf(*this));
  if (first.count == 1) return {};
  if (first.number != 0) {
    TW_ASSIGN(const std::string wanted, PathOfPart(source(), first, 0));
    return BadKey(
        *this, kSplitNoKey,
        "this is part " + std::to_string(first.number + 1) + " of " + std::to_string(first.count) + "; open the first, " + wanted);
  }
  for (uint64_t number = 1; number < first.count; ++number) {
    TW_ASSIGN(const std::string path, PathOfPart(source(), first, number));
    auto part = Map(path);
    if (!part && part.error().code() == StatusCode::kNotFound) {
      return Fail(part.error().code(), source() + ": part " + std::to_string(number + 1) + " of " + std::to_string(first.count) +
                                           " is missing: " + part.error().message() + "; fetch all parts into one folder");
    }
    if (!part) return Fail(std::move(part).error());
    TW_RETURN_IF_ERROR(TakePart(first, number, std::move(*part)));
  }
  if (tensors_.size() != first.tensors) {
    return BadKey(*this, kSplitTensorsKey,
                  "all parts together have " + std::to_string(tensors_.size()) + " tensors, not " + std::to_string(first.tensors) +
                      "; fetch all parts again");
  }
  return {};
}

Result<void> Gguf::TakePart(const GgufPart& first, uint64_t number, Gguf part) {
  TW_ASSIGN(const GgufPart says, PartOf(part));
  const std::string again = "; fetch all parts of one model";
  const auto differs = [&](std::string_view key, uint64_t is, uint64_t wanted) {
    return BadKey(part, key,
                  std::to_string(is) + " where " + source() + " makes it " + std::to_string(wanted) + ": a part of another model" + again);
  };
  if (says.count != first.count) return differs(kSplitCountKey, says.count, first.count);
  if (says.number != number) return differs(kSplitNoKey, says.number, number);
  if (says.tensors != first.tensors) return differs(kSplitTensorsKey, says.tensors, first.tensors);
  if (part.tensors_.size() > first.tensors - std::min<uint64_t>(first.tensors, tensors_.size())) {
    return BadKey(part, kSplitTensorsKey,
                  "with this part there are " + std::to_string(tensors_.size() + part.tensors_.size()) + " tensors, more than " +
                      std::to_string(first.tensors) + again);
  }
  for (GgufTensor& tensor : part.tensors_) {
    tensor.part = static_cast<uint32_t>(number);
    if (!tensor_index_.emplace(tensor.name, tensors_.size()).second) {
      const GgufTensor& other = *FindTensor(tensor.name);
      return Fail(Status(StatusCode::kInvalidInput,
                         part.source() + ": the tensor is in part " + std::to_string(other.part + 1) + " already" + again)
                      .At("tensor " + Quoted(tensor.name), tensor.offset));
    }
    tensors_.push_back(tensor);
  }
  // Its files keep the names and the data; what was read of them is no longer needed.
  part.tensors_ = {};
  part.tensor_index_ = {};
  part.metadata_.entries_ = {};
  part.metadata_.index_ = {};
  parts_.push_back(std::move(part));
  return {};
}

}  // namespace tradewind
