// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "compress/quantize_model.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/atomic_file.h"
#include "base/thread_pool.h"
#include "formats/gguf.h"
#include "formats/gguf_text.h"
#include "formats/gguf_writer.h"
#include "formats/quantize.h"
#include "llm/model_file.h"
#include "llm/model_spec.h"

namespace tradewind {
namespace {

constexpr uint32_t kQuantizationVersion = 2;  // of the layout of blocks
constexpr size_t kSlabBytes = 32 << 20;       // of output that is held before it is written
constexpr uint64_t kChunkValues = 1 << 15;  // what a thread takes at a time: under a millisecond's work and more than its handing out costs

struct PlannedTensor {
  const GgufTensor* tensor = nullptr;
  TensorType type = TensorType::kF32;
  std::span<const float> importance;
};

Result<ModelShape> ShapeOf(const Gguf& file) {
  TW_ASSIGN(const ModelSpec spec, BuildModelSpec(file.metadata(), Architectures()));
  ModelShape shape;
  shape.layers = static_cast<int64_t>(spec.blocks.size());
  shape.heads = spec.blocks.empty() ? 0 : spec.blocks.front().attention.heads;
  shape.kv_heads = spec.blocks.empty() ? 0 : spec.blocks.front().attention.kv_heads;
  shape.tied = file.FindTensor("output.weight") == nullptr;
  return shape;
}

// Weights are asked for of the matrices in layers; the embedding and the output are seldom in an importance matrix.
Result<std::span<const float>> ImportanceOf(const ImportanceMatrix* matrix, const GgufTensor& tensor) {
  if (matrix == nullptr) return std::span<const float>();
  const std::vector<float>* columns = matrix->Find(tensor.name);
  if (columns == nullptr) {
    if (!tensor.name.starts_with("blk.")) return std::span<const float>();
    return Fail(Status(StatusCode::kInvalidInput,
                       matrix->source() + ": it has nothing on a tensor of the model; make the importance matrix from this very model")
                    .At("tensor " + Quoted(tensor.name)));
  }
  if (columns->size() != tensor.row_length()) {
    return Fail(Status(StatusCode::kInvalidInput, matrix->source() + ": it has " + std::to_string(columns->size()) +
                                                      " numbers for a tensor with rows of " + std::to_string(tensor.row_length()) +
                                                      " values; make the importance matrix from this very model")
                    .At("tensor " + Quoted(tensor.name)));
  }
  return std::span<const float>(*columns);
}

Result<std::vector<PlannedTensor>> PlanTensors(const Gguf& file, const QuantizeOptions& options, QuantizeReport* report) {
  TW_ASSIGN(const ModelShape shape, ShapeOf(file));
  std::vector<PlannedTensor> plan;
  for (const GgufTensor& tensor : file.tensors()) {
    const TypeChoice choice = ChooseType(*options.recipe, shape, tensor, options.importance != nullptr);
    PlannedTensor planned{&tensor, choice.type, {}};
    if (choice.type != choice.wanted) report->fallbacks.push_back({std::string(tensor.name), tensor.row_length(), choice});
    if (choice.type != tensor.type && InfoOf(choice.type).block_values > 1) {
      TW_ASSIGN(planned.importance, ImportanceOf(options.importance, tensor));
    }
    if (choice.type != tensor.type && InfoOf(tensor.type).block_values > 1) ++report->requantized[tensor.type];
    plan.push_back(planned);
  }
  return plan;
}

GgufWriter HeaderWriter(const Gguf& file, const QuantizeOptions& options, std::span<const PlannedTensor> plan) {
  GgufWriter writer;
  for (const auto& entry : file.metadata().entries()) {
    if (!entry.key.starts_with("split.")) writer.Add(entry);
  }
  writer.Set("general.quantization_version", kQuantizationVersion);
  writer.Set("general.file_type", options.recipe->file_type);
  if (const ImportanceMatrix* matrix = options.importance) {
    writer.Set("quantize.imatrix.file", matrix->source());
    if (!matrix->datasets().empty()) writer.Set("quantize.imatrix.dataset", matrix->datasets().front());
    writer.Set("quantize.imatrix.entries_count", static_cast<uint32_t>(matrix->size()));
    writer.Set("quantize.imatrix.chunks_count", static_cast<uint32_t>(matrix->chunk_count()));
  }
  for (const PlannedTensor& planned : plan) {
    const GgufTensor& tensor = *planned.tensor;
    writer.AddTensor(std::string(tensor.name), planned.type, {tensor.shape, tensor.shape + tensor.dimensions});
  }
  return writer;
}

// Encodes tensors, rows in parallel, into a buffer that it writes out.
class TensorEncoder {
 public:
  TensorEncoder(const Gguf& file, AtomicFile& out, uint64_t alignment, const QuantizeOptions& options)
      : file_(file),
        out_(out),
        alignment_(alignment),
        options_(options),
        pool_(options.threads),
        scratch_(static_cast<size_t>(pool_.threads())) {
    for (const GgufTensor& tensor : file.tensors()) total_ += tensor.data.size();
  }

  Result<void> Write(const PlannedTensor& planned, QuantizeReport::OfType* sum) {
    const GgufTensor& tensor = *planned.tensor;
    const uint64_t before = sum->bytes;
    ++sum->tensors;
    sum->values += tensor.row_length() * tensor.rows();
    if (planned.type == tensor.type) {
      TW_RETURN_IF_ERROR(Copy(tensor, sum));
    } else {
      TW_RETURN_IF_ERROR(Encode(planned, sum));
    }
    const std::vector<std::byte> padding((alignment_ - (sum->bytes - before) % alignment_) % alignment_);
    return out_.Write(padding);
  }

 private:
  struct Scratch {
    std::vector<float> values, read_back;
  };
  struct Chunk {
    double squared_error = 0;
    std::optional<Status> error;
  };

  Result<void> Copy(const GgufTensor& tensor, QuantizeReport::OfType* sum) {
    for (size_t at = 0; at < tensor.data.size(); at += kSlabBytes) {
      const auto part = tensor.data.subspan(at, std::min(kSlabBytes, tensor.data.size() - at));
      TW_RETURN_IF_ERROR(out_.Write(part));
      sum->bytes += part.size();
      TW_RETURN_IF_ERROR(Advance(tensor, part));
    }
    return {};
  }

  Result<void> Encode(const PlannedTensor& planned, QuantizeReport::OfType* sum) {
    const GgufTensor& tensor = *planned.tensor;
    const uint64_t row_in = *RowBytes(tensor.type, tensor.row_length());
    const uint64_t row_out = *RowBytes(planned.type, tensor.row_length());
    const uint64_t rows_a_chunk = std::max<uint64_t>(1, kChunkValues / tensor.row_length());
    const uint64_t rows_a_slab = std::max<uint64_t>(1, kSlabBytes / row_out / rows_a_chunk) * rows_a_chunk;
    for (uint64_t first = 0; first < tensor.rows(); first += rows_a_slab) {
      const uint64_t rows = std::min(rows_a_slab, tensor.rows() - first);
      buffer_.resize(rows * row_out);
      std::vector<Chunk> chunks((rows + rows_a_chunk - 1) / rows_a_chunk);
      pool_.ParallelFor(static_cast<int64_t>(chunks.size()), [&](int64_t i, int member) {
        const uint64_t begin = static_cast<uint64_t>(i) * rows_a_chunk;
        const uint64_t end = std::min(begin + rows_a_chunk, rows);
        for (uint64_t row = begin; row < end && !chunks[static_cast<size_t>(i)].error; ++row) {
          EncodeRow(planned, first + row, buffer_.data() + row * row_out, scratch_[static_cast<size_t>(member)],
                    chunks[static_cast<size_t>(i)]);
        }
      });
      for (const Chunk& chunk : chunks) {
        if (chunk.error) return Fail(*chunk.error);
        sum->squared_error += chunk.squared_error;
      }
      TW_RETURN_IF_ERROR(out_.Write(buffer_));
      sum->bytes += buffer_.size();
      sum->encoded_values += rows * tensor.row_length();
      TW_RETURN_IF_ERROR(Advance(tensor, tensor.data.subspan(first * row_in, rows * row_in)));
    }
    return {};
  }

  void EncodeRow(const PlannedTensor& planned, uint64_t row, std::byte* out, Scratch& scratch, Chunk& chunk) const {
    const GgufTensor& tensor = *planned.tensor;
    scratch.values.resize(tensor.row_length());
    scratch.read_back.resize(tensor.row_length());
    DequantizeRow(tensor.type, tensor.data.data() + row * *RowBytes(tensor.type, tensor.row_length()), scratch.values);
    const Result<void> encoded = QuantizeRow(planned.type, scratch.values, planned.importance, out);
    if (!encoded) {
      chunk.error = Status(encoded.error().code(), file_.source() + ": " + encoded.error().message())
                        .At("tensor " + Quoted(tensor.name) + ", row " + std::to_string(row));
      return;
    }
    DequantizeRow(planned.type, out, scratch.read_back);
    double sum = 0;
    for (size_t i = 0; i < scratch.values.size(); ++i) {
      const double difference = static_cast<double>(scratch.values[i]) - static_cast<double>(scratch.read_back[i]);
      sum += difference * difference;
    }
    chunk.squared_error += sum;
  }

  // Notes that `part` of the input has been dealt with.
  Result<void> Advance(const GgufTensor& tensor, std::span<const std::byte> part) {
    file_.Release(tensor, part);
    done_ += part.size();
    const double share = total_ == 0 ? 1 : static_cast<double>(done_) / static_cast<double>(total_);
    if (options_.progress && !options_.progress(share, tensor.name)) return Fail(StatusCode::kCancelled, "quantising was cancelled");
    return {};
  }

  const Gguf& file_;
  AtomicFile& out_;
  const uint64_t alignment_;
  const QuantizeOptions& options_;
  ThreadPool pool_;
  std::vector<Scratch> scratch_;
  std::vector<std::byte> buffer_;
  uint64_t done_ = 0;
  uint64_t total_ = 0;
};

Result<QuantizeReport> Quantize(const Gguf& file, const std::string& out, const QuantizeOptions& options) {
  QuantizeReport report;
  TW_ASSIGN(const std::vector<PlannedTensor> plan, PlanTensors(file, options, &report));
  const GgufWriter writer = HeaderWriter(file, options, plan);
  TW_ASSIGN(const uint64_t alignment, writer.Alignment());
  TW_ASSIGN(const std::vector<std::byte> header, writer.Header());
  TW_ASSIGN(AtomicFile result, AtomicFile::Create(out));
  TW_RETURN_IF_ERROR(result.Write(header));
  TensorEncoder encoder(file, result, alignment, options);
  for (const PlannedTensor& planned : plan) {
    TW_RETURN_IF_ERROR(encoder.Write(planned, &report.types[planned.type]));
    report.bytes_in += planned.tensor->data.size();
  }
  for (const auto& [type, sum] : report.types) {
    report.bytes_out += sum.bytes;
    report.values += sum.values;
  }
  TW_RETURN_IF_ERROR(file.CheckWhole());
  TW_RETURN_IF_ERROR(result.Commit());
  return report;
}

}  // namespace

Result<QuantizeReport> QuantizeModel(const std::string& in, const std::string& out, const QuantizeOptions& options) {
  TW_ASSIGN(const Gguf file, OpenModelFile(in));
  std::error_code ignored;
  if (std::filesystem::equivalent(in, out, ignored)) {
    return Fail(StatusCode::kInvalidInput, "'" + out + "' is the model that is read; name another file for the result");
  }
  if (std::filesystem::is_directory(out, ignored)) {
    return Fail(StatusCode::kInvalidInput, "'" + out + "' is a folder; name a file for the result");
  }
  Result<QuantizeReport> report = Quantize(file, out, options);
  // What is lost may have failed as a write: the system cannot copy it. Once the result is whole, a loss matters no more.
  if (!report) TW_RETURN_IF_ERROR(file.CheckWhole());
  return report;
}

}  // namespace tradewind
