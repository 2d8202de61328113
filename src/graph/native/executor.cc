// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/executor.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "base/cpu.h"

namespace tradewind {
namespace {

constexpr int64_t kNumbersPerTask = 1 << 13;

// take(place in the value, place in the file) for every number, by all threads.
template <typename Take>
void EachNumber(ThreadPool& pool, const NativeEdge& edge, const NativeValue& value, const Take& take) {
  const int64_t channels = value.channels, width = value.width, plane = value.height * width;
  const auto row_of = [&](int64_t n, int64_t y) {
    const int64_t place = value.At(n, y, 0);
    if (!edge.channels_first) {
      const int64_t file = (n * plane + y * width) * channels;
      for (int64_t i = 0; i < width * channels; ++i) take(place + i, file + i);
      return;
    }
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t file = (n * channels + c) * plane + y * width;
      for (int64_t x = 0; x < width; ++x) take(place + x * channels + c, file + x);
    }
  };
  const int64_t rows = value.batch * value.height, rows_of_task = std::max<int64_t>(1, kNumbersPerTask / (width * channels));
  pool.ParallelFor((rows + rows_of_task - 1) / rows_of_task, [&](int64_t task, int) {
    for (int64_t row = task * rows_of_task; row < std::min(rows, (task + 1) * rows_of_task); ++row)
      row_of(row / value.height, row % value.height);
  });
}

}  // namespace

Result<std::unique_ptr<NativeExecutor>> NativeExecutor::Make(NativeNet net, Isa isa, int threads) {
  TW_ASSIGN(MemoryPlan plan, PlanNet(net));
  const auto too_large = [source = net.source, bytes = plan.bytes] {
    return Fail(StatusCode::kResourceExhausted, source + ": a run's values take " + std::to_string(bytes) +
                                                    " bytes, which this machine has not; take a smaller batch or resolution");
  };
  // Asked for beforehand: the kernel grants what it does not have, and ends somebody when it is touched.
  const MemoryGrant grant = ReadMemoryGrant();
  if (grant.limit_bytes != 0 && static_cast<uint64_t>(plan.bytes) > grant.available_bytes) return too_large();
  try {
    return std::unique_ptr<NativeExecutor>(new NativeExecutor(std::move(net), std::move(plan), isa, threads));
  } catch (const std::bad_alloc&) {
    return too_large();
  }
}

NativeExecutor::NativeExecutor(NativeNet net, MemoryPlan plan, Isa isa, int threads)
    : net_(std::move(net)), plan_(std::move(plan)), memory_(plan_.bytes), kernels_(&ConvolutionsFor(isa)), pool_(threads) {
  std::memset(memory_.get(), 0, static_cast<size_t>(plan_.bytes));
  for (const int64_t offset : plan_.offsets) places_.push_back(memory_.get() + offset);
  for (const NativeEdge& output : net_.outputs) {
    size_t end = net_.ops.size();
    while (end > 0 && net_.ops[end - 1]->output() != output.value) --end;
    made_by_.push_back(end);
  }
  Reset();
}

Result<void> NativeExecutor::TakeInputs(std::span<const Tensor> inputs) {
  if (inputs.size() != net_.inputs.size()) {
    return Fail(StatusCode::kInvalidInput,
                net_.source + " takes " + std::to_string(net_.inputs.size()) + " inputs, not " + std::to_string(inputs.size()));
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const NativeEdge& edge = net_.inputs[i];
    const Tensor& tensor = inputs[i];
    if (tensor.type != edge.edge.type || tensor.shape != edge.edge.shape) {
      return Fail(StatusCode::kInvalidInput, "input '" + edge.edge.name + "' of " + net_.source + " is " +
                                                 std::string(ElementName(edge.edge.type)) + " " + ShapeText(edge.edge.shape) + ", not " +
                                                 std::string(ElementName(tensor.type)) + " " + ShapeText(tensor.shape));
    }
    const NativeValue& value = net_.values[static_cast<size_t>(edge.value)];
    ClearBorder(edge.value);
    std::byte* to = places_[static_cast<size_t>(edge.value)];
    if (!value.integer) {
      const float* from = tensor.Values<float>().data();
      auto* numbers = reinterpret_cast<float*>(to);
      EachNumber(pool_, edge, value, [=](int64_t place, int64_t file) { numbers[place] = from[file]; });
      continue;
    }
    EachNumber(pool_, edge, value, [&](int64_t place, int64_t file) {
      const auto raw = tensor.data[static_cast<size_t>(file)];
      const int32_t number = tensor.type == ElementType::kInt8 ? static_cast<int8_t>(raw) : static_cast<uint8_t>(raw);
      reinterpret_cast<int16_t*>(to)[place] = static_cast<int16_t>(number - value.quantization.zero_point);
    });
  }
  return {};
}

Tensor NativeExecutor::GiveOutput(const NativeEdge& edge) {
  const NativeValue& value = net_.values[static_cast<size_t>(edge.value)];
  const std::byte* from = places_[static_cast<size_t>(edge.value)];
  Tensor tensor = Tensor::Make(edge.edge.type, edge.edge.shape);
  if (!value.integer && edge.edge.type == ElementType::kFloat) {
    float* to = tensor.Values<float>().data();
    const auto* numbers = reinterpret_cast<const float*>(from);
    EachNumber(pool_, edge, value, [=](int64_t place, int64_t file) { to[file] = numbers[place]; });
    return tensor;
  }
  EachNumber(pool_, edge, value, [&](int64_t place, int64_t file) {
    // Quantised outputs: whole numbers as they are, real ones (of a softmax) rounded to the file's scale.
    const Quantization& q = value.quantization;
    const int32_t number = value.integer ? reinterpret_cast<const int16_t*>(from)[place]
                                         : static_cast<int32_t>(std::lround(reinterpret_cast<const float*>(from)[place] / q.scale));
    tensor.data[static_cast<size_t>(file)] = static_cast<std::byte>(std::clamp(number + q.zero_point, q.low, q.high));
  });
  return tensor;
}

// Memory is shared over time: what lies in a value's border is another's.
void NativeExecutor::ClearBorder(int number) {
  const NativeValue& value = net_.values[static_cast<size_t>(number)];
  if (value.border.none()) return;
  const int64_t size = value.integer ? 2 : 4;
  const auto clear = [&](int64_t begin, int64_t end) {
    std::memset(places_[static_cast<size_t>(number)] + begin * size, 0, static_cast<size_t>((end - begin) * size));
  };
  for (int64_t n = 0; n < value.batch; ++n) {
    const int64_t row_end = value.width * value.channels;
    clear(n * value.picture(), value.At(n, 0, 0));
    for (int64_t y = 0; y + 1 < value.height; ++y) clear(value.At(n, y, 0) + row_end, value.At(n, y + 1, 0));
    clear(value.At(n, value.height - 1, 0) + row_end, (n + 1) * value.picture());
  }
}

void NativeExecutor::Reset() {
  const NativeFrame frame = {net_.values, places_, kernels_, &pool_};
  for (const auto& op : net_.ops) op->Reset(frame);
}

std::span<const float> NativeExecutor::Kept(int number) const {
  const NativeValue& value = net_.values[static_cast<size_t>(number)];
  assert(value.kept && !value.integer);
  return {reinterpret_cast<const float*>(places_[static_cast<size_t>(number)]), static_cast<size_t>(value.batch * value.picture())};
}

void NativeExecutor::RunOps(size_t end) {
  const NativeFrame frame = {net_.values, places_, kernels_, &pool_};
  for (; next_op_ < end; ++next_op_) {
    ClearBorder(net_.ops[next_op_]->output());
    net_.ops[next_op_]->Run(frame);
  }
}

Result<void> NativeExecutor::Begin(std::span<const Tensor> inputs) {
  TW_RETURN_IF_ERROR(TakeInputs(inputs));
  next_op_ = 0;
  return {};
}

Tensor NativeExecutor::RunTo(size_t output) {
  RunOps(made_by_[output]);
  return GiveOutput(net_.outputs[output]);
}

Result<std::vector<Tensor>> NativeExecutor::Run(std::span<const Tensor> inputs) {
  TW_RETURN_IF_ERROR(Begin(inputs));
  RunOps(net_.ops.size());
  std::vector<Tensor> outputs;
  for (const NativeEdge& edge : net_.outputs) outputs.push_back(GiveOutput(edge));
  return outputs;
}

Result<std::vector<NativeExecutor::OpTime>> NativeExecutor::Profile(std::span<const Tensor> inputs) {
  TW_RETURN_IF_ERROR(TakeInputs(inputs));
  const NativeFrame frame = {net_.values, places_, kernels_, &pool_};
  std::vector<OpTime> times;
  for (const auto& op : net_.ops) {
    const TimePoint start = RealClock().Now();
    ClearBorder(op->output());
    op->Run(frame);
    times.push_back(
        {op->kind(), net_.values[static_cast<size_t>(op->output())].name, RealClock().Now() - start, op->multiply_adds(net_.values)});
  }
  return times;
}

}  // namespace tradewind
