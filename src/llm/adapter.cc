// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/adapter.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "llm/adapter_file.h"

namespace tradewind {
namespace {

Result<PackedMatrix> PackSingle(const std::vector<float>& values, int64_t rows, int64_t columns) {
  TW_ASSIGN(PackedMatrix matrix, PackedMatrix::Allocate(TensorType::kF32, rows, columns));
  for (int64_t g = 0; g < matrix.groups(); ++g) matrix.PackGroup(g, reinterpret_cast<const std::byte*>(values.data()));
  return matrix;
}

Result<AdapterPart> MakePart(const LowRankPair& pair, double alpha) {
  const int64_t padded = (pair.rank + kRowGroup - 1) / kRowGroup * kRowGroup;
  std::vector<float> a = pair.a;
  a.resize(static_cast<size_t>(padded * pair.columns));
  std::vector<float> b(static_cast<size_t>(pair.rows * padded));
  for (int64_t row = 0; row < pair.rows; ++row) std::copy_n(pair.b.begin() + row * pair.rank, pair.rank, b.begin() + row * padded);
  AdapterPart part;
  TW_ASSIGN(part.a, PackSingle(a, padded, pair.columns));
  TW_ASSIGN(part.b, PackSingle(b, pair.rows, padded));
  if (alpha != 0) part.scale = static_cast<float>(alpha / static_cast<double>(pair.rank));
  return part;
}

Result<float> ParseScale(std::string_view text) {
  float scale = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(scale)) return scale;
  return Fail(
      Status(StatusCode::kInvalidInput, "\"" + std::string(text) + "\" is no scale of an adapter; give a number such as 0.5").At("lora"));
}

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t at = 0; at <= text.size() && !text.empty();) {
    const size_t end = std::min(text.find(',', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

class AdapterLoader {
 public:
  static Result<void> Fits(const std::string& path, const Model& model, const std::string& tensor, int64_t columns, int64_t rows) {
    const PackedMatrix* matrix = MatrixOf(model, tensor);
    if (matrix == nullptr)
      return Fail(
          Status(StatusCode::kUnsupported, path + ": the model has no matrix " + tensor + " that an adapter could change").At(tensor));
    if (columns == matrix->cols() && rows == matrix->rows()) return {};
    return Fail(Status(StatusCode::kInvalidInput, path + ": the pair is for a matrix of " + std::to_string(columns) + " x " +
                                                      std::to_string(rows) + "; the model's is " + std::to_string(matrix->cols()) + " x " +
                                                      std::to_string(matrix->rows()))
                    .At(tensor));
  }
  static Result<void> Fill(const std::string& path, const AdapterContents& contents, const Model& model, Adapter& adapter) {
    if (!std::isfinite(contents.alpha))
      return Fail(Status(StatusCode::kInvalidInput, path + ": alpha is no number").At("adapter.lora.alpha"));
    for (const auto& [tensor, pair] : contents.pairs) {
      TW_ASSIGN(AdapterPart part, MakePart(pair, contents.alpha));
      adapter.parts_.emplace(MatrixOf(model, tensor), std::move(part));
    }
    return {};
  }

 private:
  // The embedding is read row by row, not multiplied, also where it serves as the output.
  static const PackedMatrix* MatrixOf(const Model& model, const std::string& tensor) {
    return tensor == "token_embd.weight" ? nullptr : model.FindMatrix(tensor);
  }
};

Result<std::unique_ptr<const Adapter>> Adapter::Load(const std::string& path, const Model& model) {
  const FitsModel fits = [&](const std::string& tensor, int64_t columns, int64_t rows) {
    return AdapterLoader::Fits(path, model, tensor, columns, rows);
  };
  TW_ASSIGN(const AdapterContents contents,
            path.ends_with(".safetensors") ? ReadPeftAdapter(path, model.spec(), fits) : ReadGgufAdapter(path, model.spec(), fits));
  auto adapter = std::make_unique<Adapter>();
  TW_RETURN_IF_ERROR(AdapterLoader::Fill(path, contents, model, *adapter));
  return std::unique_ptr<const Adapter>(std::move(adapter));
}

const AdapterPart* Adapter::Find(const PackedMatrix* matrix) const {
  const auto found = parts_.find(matrix);
  return found == parts_.end() ? nullptr : &found->second;
}

uint64_t Adapter::memory_bytes() const {
  uint64_t bytes = 0;
  for (const auto& [matrix, part] : parts_) bytes += part.a.size_bytes() + part.b.size_bytes();
  return bytes;
}

Result<std::vector<AdapterFile>> ParseAdapterFiles(const std::string& text) {
  std::vector<AdapterFile> files;
  for (const std::string& part : SplitAtCommas(text)) {
    AdapterFile file{part, 1};
    if (const size_t equals = part.rfind('='); equals != std::string::npos) {
      file.path = part.substr(0, equals);
      TW_ASSIGN(file.scale, ParseScale(std::string_view(part).substr(equals + 1)));
    }
    if (file.path.empty()) return Fail(Status(StatusCode::kInvalidInput, "an adapter's file has no name").At("lora"));
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::vector<float>> ParseAdapterScales(const std::string& text, const std::vector<AdapterFile>& files) {
  std::vector<float> scales;
  for (const std::string& part : SplitAtCommas(text)) {
    TW_ASSIGN(const float scale, ParseScale(part));
    scales.push_back(scale);
  }
  if (text.empty()) {
    for (const AdapterFile& file : files) scales.push_back(file.scale);
  }
  if (scales.size() == files.size()) return scales;
  return Fail(Status(StatusCode::kInvalidInput,
                     std::to_string(scales.size()) + " scales for " + std::to_string(files.size()) + " adapters; give one for each")
                  .At("lora_scales"));
}

}  // namespace tradewind
