// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/view.h"

#include <functional>
#include <numeric>

namespace tradewind {
namespace {

using Axis = std::vector<Coordinate>;

Axis Counted(int64_t count, int32_t Coordinate::* along) {
  Axis axis(static_cast<size_t>(count));
  for (size_t i = 0; i < axis.size(); ++i) axis[i].*along = static_cast<int32_t>(i);
  return axis;
}

// Two axes as one, the second the faster.
Axis Joined(const Axis& slow, const Axis& fast) {
  Axis out;
  out.reserve(slow.size() * fast.size());
  for (const Coordinate& s : slow) {
    for (const Coordinate& f : fast) out.push_back(s + f);
  }
  return out;
}

// One axis as two, the second of `fast` places; false if no two axes add up to it.
bool Split(const Axis& axis, size_t fast, Axis& slow_out, Axis& fast_out) {
  fast_out.assign(axis.begin(), axis.begin() + static_cast<std::ptrdiff_t>(fast));
  slow_out.clear();
  for (size_t i = 0; i < axis.size(); i += fast) {
    slow_out.push_back(axis[i]);
    for (size_t j = 0; j < fast; ++j) {
      if (axis[i + j] != axis[i] + fast_out[j]) return false;
    }
  }
  return true;
}

int64_t OffsetOf(const Coordinate& p, const NativeValue& value) {
  return p.n * value.picture() + p.y * value.pitch() + p.x * value.channels + p.c;
}

}  // namespace

View View::OfPicture(const NativeValue& value) {
  View view;
  view.axes_ = {Counted(value.batch, &Coordinate::n), Counted(value.channels, &Coordinate::c), Counted(value.height, &Coordinate::y),
                Counted(value.width, &Coordinate::x)};
  return view;
}

View View::OfRows(const NativeValue& value) {
  View view;
  view.axes_ = {Counted(value.batch, &Coordinate::n), Counted(value.height, &Coordinate::y), Counted(value.channels, &Coordinate::c)};
  return view;
}

View View::OfPixels(const NativeValue& value) {
  View view;
  view.axes_ = {Counted(value.batch, &Coordinate::n), Counted(value.channels, &Coordinate::c)};
  return view;
}

std::vector<int64_t> View::shape() const {
  std::vector<int64_t> shape;
  for (const Axis& axis : axes_) shape.push_back(static_cast<int64_t>(axis.size()));
  return shape;
}

// Old axes are joined and new ones split off until their counts meet.
std::optional<View> View::Reshaped(std::span<const int64_t> shape) const {
  View out;
  out.origin_ = origin_;
  Axis rest = {Coordinate{}};  // of the old axes taken, what no new axis has yet
  size_t next = 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    const auto side = static_cast<size_t>(shape[i]);
    // What the axes behind this one take of what is left is known by their counts.
    while (rest.size() % side != 0 || rest.size() < side) {
      if (next == axes_.size()) return std::nullopt;
      if (static_cast<int64_t>(rest.size() * axes_[next].size()) > kMostCoordinates) return std::nullopt;
      rest = Joined(rest, axes_[next++]);
    }
    Axis slow, fast;
    if (!Split(rest, rest.size() / side, slow, fast)) return std::nullopt;
    out.axes_.push_back(std::move(slow));
    rest = std::move(fast);
  }
  while (next < axes_.size() && axes_[next].size() == 1) ++next;
  if (rest.size() != 1 || next != axes_.size()) return std::nullopt;
  return out;
}

View View::Transposed(std::span<const int64_t> order) const {
  View out;
  out.origin_ = origin_;
  for (const int64_t axis : order) out.axes_.push_back(axes_[static_cast<size_t>(axis)]);
  return out;
}

View View::Taken(size_t axis, std::span<const int64_t> indices) const {
  View out = *this;
  const Axis& from = axes_[axis];
  Axis& to = out.axes_[axis];
  to.clear();
  const Coordinate first = indices.empty() ? Coordinate{} : from[static_cast<size_t>(indices[0])];
  for (const int64_t i : indices) to.push_back(from[static_cast<size_t>(i)] - first);
  out.origin_ = origin_ + first;
  return out;
}

View View::Range(size_t axis, int64_t begin, int64_t count) const {
  std::vector<int64_t> indices(static_cast<size_t>(count));
  std::iota(indices.begin(), indices.end(), begin);
  return Taken(axis, indices);
}

bool View::IsChannels(size_t axis, const NativeValue& value) const {
  return origin_.c == 0 && axes_[axis] == Counted(value.channels, &Coordinate::c);
}

std::vector<std::vector<int64_t>> View::Offsets(const NativeValue& value) const {
  std::vector<std::vector<int64_t>> offsets;
  for (const Axis& axis : axes_) {
    std::vector<int64_t>& of_axis = offsets.emplace_back();
    for (const Coordinate& p : axis) of_axis.push_back(OffsetOf(p, value));
  }
  return offsets;
}

int64_t View::Origin(const NativeValue& value) const {
  return value.At(0, 0, 0) + OffsetOf(origin_, value);
}

}  // namespace tradewind
