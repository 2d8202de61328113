// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/importance_matrix.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <list>
#include <span>

#include "formats/gguf.h"
#include "formats/gguf_text.h"
#include "formats/gguf_writer.h"

namespace tradewind {
namespace {

constexpr std::string_view kSums = ".in_sum2";
constexpr std::string_view kCounts = ".counts";

tl::unexpected<Status> BadMatrix(const Gguf& file, const GgufTensor& tensor, const std::string& problem) {
  return Fail(Status(StatusCode::kInvalidInput, file.source() + ": " + problem + "; make the importance matrix again")
                  .At("tensor " + Quoted(tensor.name), tensor.offset));
}

float NumberAt(const GgufTensor& tensor, size_t i) {
  float number = 0;
  std::memcpy(&number, tensor.data.data() + i * sizeof(float), sizeof(float));
  return number;
}

Result<void> CheckNumbers(const Gguf& file, const GgufTensor& tensor) {
  if (tensor.type != TensorType::kF32) return BadMatrix(file, tensor, "its type must be F32");
  for (size_t i = 0; i < tensor.data.size() / sizeof(float); ++i) {
    const float number = NumberAt(tensor, i);
    if (std::isfinite(number) && number >= 0) continue;
    return BadMatrix(file, tensor, "number " + std::to_string(i) + " is " + std::to_string(number) + ", which no sum of squares is");
  }
  return {};
}

Result<void> CheckPair(const Gguf& file, const GgufTensor& sums, const GgufTensor& counts) {
  TW_RETURN_IF_ERROR(CheckNumbers(file, sums));
  TW_RETURN_IF_ERROR(CheckNumbers(file, counts));
  if (sums.data.size() % counts.data.size() == 0) return {};
  return BadMatrix(file, sums,
                   std::to_string(sums.data.size() / sizeof(float)) + " sums cannot be shared among " +
                       std::to_string(counts.data.size() / sizeof(float)) + " counts");
}

// Sums over the activations to means; a count stands for an equal share of the sums.
std::vector<float> MeansOf(const GgufTensor& sums, const GgufTensor& counts) {
  std::vector<float> means(sums.data.size() / sizeof(float));
  const size_t share = sums.data.size() / counts.data.size();
  for (size_t i = 0; i < means.size(); ++i) {
    const float n = std::round(NumberAt(counts, i / share));
    means[i] = n > 0 ? NumberAt(sums, i) / n : 1.0f;
  }
  return means;
}

}  // namespace

Result<ImportanceMatrix> ImportanceMatrix::Open(const std::string& path) {
  TW_ASSIGN(const Gguf file, Gguf::Open(path));
  return IfWhole(file, FromGguf(file));
}

Result<ImportanceMatrix> ImportanceMatrix::FromGguf(const Gguf& file) {
  ImportanceMatrix matrix;
  matrix.source_ = file.source();
  TW_ASSIGN(const std::string_view type, file.metadata().StringOr("general.type", "model"));
  if (type != "imatrix") {
    return Fail(Status(StatusCode::kInvalidInput, file.source() + ": this is a " + Quoted(type) +
                                                      ", no importance matrix; name a file that `tradewind measure --imatrix` wrote")
                    .At("general.type"));
  }
  TW_ASSIGN(const GgufArray* datasets, file.metadata().Array("imatrix.datasets", GgufValueType::kString));
  TW_ASSIGN(matrix.chunk_count_, file.metadata().Uint("imatrix.chunk_count"));
  TW_RETURN_IF_ERROR(file.metadata().Uint("imatrix.chunk_size"));
  // All is checked where it lies before anything is copied.
  std::vector<std::pair<const GgufTensor*, const GgufTensor*>> pairs;
  for (const GgufTensor& tensor : file.tensors()) {
    if (tensor.name.ends_with(kCounts)) {
      const std::string sums = std::string(tensor.name.substr(0, tensor.name.size() - kCounts.size())) + std::string(kSums);
      if (file.FindTensor(sums) == nullptr) return BadMatrix(file, tensor, "there is no " + Quoted(sums) + " to these counts");
    }
    if (!tensor.name.ends_with(kSums)) continue;
    const std::string name(tensor.name.substr(0, tensor.name.size() - kSums.size()));
    const GgufTensor* counts = file.FindTensor(name + std::string(kCounts));
    if (counts == nullptr) return BadMatrix(file, tensor, "there are no " + Quoted(name + std::string(kCounts)) + " to these sums");
    TW_RETURN_IF_ERROR(CheckPair(file, tensor, *counts));
    pairs.emplace_back(&tensor, counts);
  }
  if (pairs.empty()) return Fail(StatusCode::kInvalidInput, file.source() + ": it holds no sums; make the importance matrix again");
  for (const std::string_view name : datasets->Strings()) matrix.datasets_.emplace_back(name);
  for (const auto& [sums, counts] : pairs) {
    matrix.columns_[std::string(sums->name.substr(0, sums->name.size() - kSums.size()))] = MeansOf(*sums, *counts);
  }
  return matrix;
}

const std::vector<float>* ImportanceMatrix::Find(std::string_view tensor) const {
  const auto found = columns_.find(tensor);
  return found == columns_.end() ? nullptr : &found->second;
}

Result<std::vector<std::byte>> ImportanceSums::ToGguf() const {
  GgufWriter writer;
  writer.Add("general.type", std::string("imatrix"));
  writer.Add("imatrix.datasets", GgufArrayBytes::OfStrings(datasets));
  writer.Add("imatrix.chunk_count", chunk_count);
  writer.Add("imatrix.chunk_size", chunk_size);
  std::list<std::vector<float>> held;  // what the writer borrows
  const auto add = [&](const std::string& name, const auto& numbers, size_t shares) {
    held.emplace_back(numbers.begin(), numbers.end());
    const uint64_t columns = numbers.size() / shares;
    writer.AddTensor(name, TensorType::kF32, shares == 1 ? std::vector<uint64_t>{columns} : std::vector<uint64_t>{columns, shares},
                     std::as_bytes(std::span<const float>(held.back())));
  };
  for (const auto& [name, tensor] : tensors) {
    for (const double sum : tensor.squares) {
      if (sum <= static_cast<double>(std::numeric_limits<float>::max())) continue;
      return Fail(Status(StatusCode::kInvalidInput, "a sum of squares is " + std::to_string(sum) +
                                                        ", which no importance matrix holds; the model's weights are damaged")
                      .At("tensor " + Quoted(name)));
    }
    add(name + std::string(kSums), tensor.squares, tensor.counts.size());
    add(name + std::string(kCounts), tensor.counts, tensor.counts.size());
  }
  return writer.Bytes();
}

}  // namespace tradewind
