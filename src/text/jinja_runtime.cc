// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_runtime.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tradewind::jinja {
namespace {

constexpr size_t kChunkBytes = 64 * 1024;
constexpr size_t kAlignment = alignof(std::max_align_t);

}  // namespace

std::string Place(std::string_view source, size_t offset) {
  const std::string_view before = source.substr(0, std::min(offset, source.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t newline = before.rfind('\n');
  const size_t column = newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

void FailAt(StatusCode code, std::string message, std::string_view source, size_t offset) {
  throw Failure{Status(code, "chat template: " + std::move(message)).At(Place(source, offset))};
}

void Runtime::OutOfSteps() const {
  Fail(StatusCode::kInvalidInput, "more than " + std::to_string(limits_.steps) + " steps (limit: steps)");
}

void Runtime::TooDeep() const {
  Fail(StatusCode::kInvalidInput, "evaluation nested deeper than " + std::to_string(limits_.depth) + " allows (limit: depth)");
}

void Runtime::CheckRoom(uint64_t count, uint64_t unit) const {
  const uint64_t left = limits_.memory_bytes - used_bytes_;
  if (count > left / unit) {
    Fail(StatusCode::kInvalidInput, "values of more than " + std::to_string(limits_.memory_bytes) + " bytes (limit: memory)");
  }
}

void* Runtime::Allocate(size_t bytes) {
  bytes = std::max<size_t>(bytes, 1);
  CheckRoom(bytes + kAlignment);
  bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  used_bytes_ += bytes;
  if (bytes > free_bytes_) {
    if (bytes > kChunkBytes / 4) {
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
      return chunks_.back().get();
    }
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunkBytes));
    free_ = chunks_.back().get();
    free_bytes_ = kChunkBytes;
  }
  std::byte* result = free_;
  free_ += bytes;
  free_bytes_ -= bytes;
  return result;
}

std::string_view Runtime::Copy(std::string_view text) {
  if (text.empty()) return {};
  ChargeText(text.size());
  char* copy = static_cast<char*>(Allocate(text.size()));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

void Runtime::Emit(std::string* out, std::string_view text) {
  ChargeText(text.size());
  if (text.size() > limits_.output_bytes - pending_output_) {
    Fail(StatusCode::kInvalidInput, "more than " + std::to_string(limits_.output_bytes) + " bytes of text (limit: output)");
  }
  pending_output_ += text.size();
  out->append(text);
}

}  // namespace tradewind::jinja
