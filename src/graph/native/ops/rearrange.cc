// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/ops/rearrange.h"

#include <algorithm>
#include <cstring>

namespace tradewind {
namespace {

constexpr int64_t kRunsPerTask = 32;

// A part ready to run: an inner axis, along which the output's numbers lie side by side, and runs over all the other axes.
struct Move {
  int input = 0;
  std::vector<int64_t> from, to;  // of each run: where it begins
  std::vector<int64_t> inner;     // offsets of the input along a run
  bool side_by_side = false;      // inner is 0, 1, 2, ...
};

bool Ascending(const std::vector<int64_t>& offsets) {
  for (size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i] != static_cast<int64_t>(i)) return false;
  }
  return true;
}

// The longest axis along which the output's numbers lie side by side.
size_t InnerAxis(const std::vector<std::vector<int64_t>>& to) {
  size_t best = 0;
  bool found = false;
  for (size_t i = 0; i < to.size(); ++i) {
    if (!Ascending(to[i]) || (found && to[i].size() < to[best].size())) continue;
    best = i;
    found = true;
  }
  return best;
}

Move MoveOf(const RearrangePart& part, const NativeValue& in, const NativeValue& out) {
  const auto from = part.from.Offsets(in), to = part.to.Offsets(out);
  const size_t inner = InnerAxis(to);
  Move move{.input = part.input, .from = {part.from.Origin(in)}, .to = {part.to.Origin(out)}, .inner = from[inner]};
  const bool runs = Ascending(to[inner]);  // else each number is a run of its own
  if (!runs) move.inner = {0};
  for (size_t axis = 0; axis < from.size(); ++axis) {
    if (axis == inner && runs) continue;
    std::vector<int64_t> next_from, next_to;
    for (size_t run = 0; run < move.from.size(); ++run) {
      for (size_t i = 0; i < from[axis].size(); ++i) {
        next_from.push_back(move.from[run] + from[axis][i]);
        next_to.push_back(move.to[run] + to[axis][i]);
      }
    }
    move.from = std::move(next_from);
    move.to = std::move(next_to);
  }
  move.side_by_side = Ascending(move.inner);
  return move;
}

class RearrangeOp : public NativeOp {
 public:
  explicit RearrangeOp(RearrangeSpec spec) : spec_(std::move(spec)) {}
  std::string_view kind() const override { return "rearrange"; }
  std::vector<int> inputs() const override {
    std::vector<int> inputs;
    for (const RearrangePart& part : spec_.parts) inputs.push_back(part.input);
    return inputs;
  }
  int output() const override { return spec_.output; }
  bool integer_only() const override { return true; }  // it copies

  void Prepare(std::span<const NativeValue> values) override {
    moves_.clear();
    for (const RearrangePart& part : spec_.parts) {
      moves_.push_back(MoveOf(part, values[static_cast<size_t>(part.input)], values[static_cast<size_t>(spec_.output)]));
    }
  }

  void Run(const NativeFrame& frame) const override {
    const NativeValue& out = frame.value(spec_.output);
    if (spec_.zeros) std::memset(frame.memory[static_cast<size_t>(spec_.output)], 0, static_cast<size_t>(out.bytes()));
    for (const Move& move : moves_) {
      if (out.integer) {
        Copy(frame, move, frame.integers(move.input), frame.integers(spec_.output));
      } else {
        Copy(frame, move, frame.floats(move.input), frame.floats(spec_.output));
      }
    }
  }

 private:
  template <typename T>
  static void Copy(const NativeFrame& frame, const Move& move, const T* from, T* to) {
    const size_t count = move.inner.size();
    ForRuns(frame, static_cast<int64_t>(move.from.size()), kRunsPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t run = begin; run < end; ++run) {
        const T* x = from + move.from[static_cast<size_t>(run)];
        T* y = to + move.to[static_cast<size_t>(run)];
        if (move.side_by_side) {
          std::memcpy(y, x, count * sizeof(T));
        } else {
          for (size_t i = 0; i < count; ++i) y[i] = x[move.inner[i]];
        }
      }
    });
  }

  RearrangeSpec spec_;
  std::vector<Move> moves_;
};

}  // namespace

std::unique_ptr<NativeOp> MakeRearrange(RearrangeSpec spec) {
  return std::make_unique<RearrangeOp>(std::move(spec));
}

}  // namespace tradewind
