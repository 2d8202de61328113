// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ONNX operators as their documents define them, in double over N, C, H, W, one loop a line: an oracle that shares no code with the
// executor. Only what the tests build.
#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "formats/onnx.h"

namespace tradewind {

struct RefTensor {
  std::vector<int64_t> dims;
  std::vector<double> values;
  int64_t Side(size_t i) const { return i < dims.size() ? dims[i] : 1; }  // a vector is a picture of one pixel
  double& At(int64_t n, int64_t c, int64_t y, int64_t x) {
    return values[static_cast<size_t>(((n * Side(1) + c) * Side(2) + y) * Side(3) + x)];
  }
  double At(int64_t n, int64_t c, int64_t y, int64_t x) const { return const_cast<RefTensor*>(this)->At(n, c, y, x); }
};

inline RefTensor RefMake(std::vector<int64_t> dims) {
  int64_t count = 1;
  for (const int64_t d : dims) count *= d;
  return {std::move(dims), std::vector<double>(static_cast<size_t>(count))};
}

class ReferenceGraph {
 public:
  explicit ReferenceGraph(const OnnxModel& model) : model_(model) {
    for (const OnnxTensor& t : model.graph.initializers) {
      RefTensor r = RefMake(t.dims);
      for (int64_t i = 0; i < t.values(); ++i) r.values[static_cast<size_t>(i)] = NumberAt(t, i);
      values_[t.name] = std::move(r);
      types_[t.name] = t.type;
    }
  }
  RefTensor Run(const RefTensor& input) {
    values_[model_.graph.inputs[0].name] = input;
    for (const OnnxNode& node : model_.graph.nodes) values_[node.outputs[0]] = Apply(node);
    return values_.at(model_.graph.outputs[0].name);
  }

 private:
  static double NumberAt(const OnnxTensor& t, int64_t i) {
    if (t.type == OnnxType::kInt64) return static_cast<double>(t.At<int64_t>(i));
    if (t.type == OnnxType::kInt32) return t.At<int32_t>(i);
    if (t.type == OnnxType::kInt8) return t.At<int8_t>(i);
    if (t.type == OnnxType::kUint8) return t.At<uint8_t>(i);
    return static_cast<double>(t.At<float>(i));
  }
  const RefTensor& In(const OnnxNode& n, size_t i) const { return values_.at(n.inputs[i]); }
  static std::vector<int64_t> Ints(const OnnxNode& n, const char* key, std::vector<int64_t> fallback) {
    const auto* v = n.Attribute<std::vector<int64_t>>(key);
    return v == nullptr ? fallback : *v;
  }
  static int64_t Int(const OnnxNode& n, const char* key, int64_t fallback) {
    const auto* v = n.Attribute<int64_t>(key);
    return v == nullptr ? fallback : *v;
  }
  static RefTensor Map(RefTensor x, double (*f)(double)) {
    for (double& v : x.values) v = f(v);
    return x;
  }

  RefTensor Apply(const OnnxNode& n) const {
    if (n.op_type == "Conv") return Conv(n);
    if (n.op_type == "MaxPool" || n.op_type == "AveragePool") return Pool(n);
    if (n.op_type == "Relu") return Map(In(n, 0), [](double v) { return v > 0 ? v : 0; });
    if (n.op_type == "Sigmoid") return Map(In(n, 0), [](double v) { return 1 / (1 + std::exp(-v)); });
    if (n.op_type == "Tanh") return Map(In(n, 0), [](double v) { return std::tanh(v); });
    if (n.op_type == "HardSigmoid") return Map(In(n, 0), [](double v) { return std::fmin(1, std::fmax(0, v / 6 + 0.5)); });
    if (n.op_type == "HardSwish") return Map(In(n, 0), [](double v) { return v * std::fmin(1, std::fmax(0, v / 6 + 0.5)); });
    if (n.op_type == "Identity") return In(n, 0);
    if (n.op_type == "Add" || n.op_type == "Mul") return Binary(n);
    if (n.op_type == "Clip") return Clip(n);
    if (n.op_type == "BatchNormalization") return BatchNormalization(n);
    if (n.op_type == "GlobalAveragePool") return GlobalAveragePool(n);
    if (n.op_type == "Flatten") return Flatten(n);
    if (n.op_type == "Gemm") return Gemm(n);
    if (n.op_type == "MatMul") return MatMul(n);
    if (n.op_type == "Softmax") return Softmax(n);
    if (n.op_type == "Concat") return Concat(n);
    if (n.op_type == "Transpose") return Transpose(n);
    if (n.op_type == "Reshape") return Reshape(n);
    if (n.op_type == "Slice") return Slice(n);
    if (n.op_type == "Pad") return Pad(n);
    if (n.op_type == "QuantizeLinear") return QuantizeLinear(n);
    if (n.op_type == "DequantizeLinear") return DequantizeLinear(n);
    assert(false && "an operator that the reference does not know");
    return {};
  }

  RefTensor Clip(const OnnxNode& n) const {
    RefTensor x = In(n, 0);
    for (double& v : x.values) v = std::fmin(In(n, 2).values[0], std::fmax(In(n, 1).values[0], v));
    return x;
  }
  RefTensor QuantizeLinear(const OnnxNode& n) const {
    RefTensor x = In(n, 0);
    const bool is_signed = types_.at(n.inputs[2]) == OnnxType::kInt8;
    for (double& v : x.values) {
      v = std::nearbyint(v / In(n, 1).values[0]) + In(n, 2).values[0];
      v = std::fmin(is_signed ? 127 : 255, std::fmax(is_signed ? -128 : 0, v));
    }
    return x;
  }
  RefTensor DequantizeLinear(const OnnxNode& n) const {
    RefTensor x = In(n, 0);
    const auto axis = static_cast<size_t>(Int(n, "axis", 1));
    const size_t scales = In(n, 1).values.size();
    size_t run = 1;
    for (size_t i = axis + 1; i < x.dims.size(); ++i) run *= static_cast<size_t>(x.dims[i]);
    for (size_t i = 0; i < x.values.size(); ++i) {
      const size_t k = scales == 1 ? 0 : i / run % scales;
      x.values[i] = (x.values[i] - In(n, 2).values[k]) * In(n, 1).values[k];
    }
    return x;
  }
  RefTensor BatchNormalization(const OnnxNode& n) const {
    RefTensor x = In(n, 0);
    const size_t run = x.values.size() / static_cast<size_t>(x.dims[0] * x.dims[1]);
    for (size_t i = 0; i < x.values.size(); ++i) {
      const size_t c = i / run % static_cast<size_t>(x.dims[1]);
      x.values[i] = (x.values[i] - In(n, 3).values[c]) / std::sqrt(In(n, 4).values[c] + 1e-5) * In(n, 1).values[c] + In(n, 2).values[c];
    }
    return x;
  }
  RefTensor GlobalAveragePool(const OnnxNode& n) const {
    const RefTensor& x = In(n, 0);
    RefTensor out = RefMake({x.dims[0], x.dims[1], 1, 1});
    const size_t run = static_cast<size_t>(x.dims[2] * x.dims[3]);
    for (size_t i = 0; i < x.values.size(); ++i) out.values[i / run] += x.values[i] / static_cast<double>(run);
    return out;
  }
  RefTensor Flatten(const OnnxNode& n) const {
    RefTensor x = In(n, 0);
    x.dims = {x.dims[0], static_cast<int64_t>(x.values.size()) / x.dims[0]};
    return x;
  }
  RefTensor Gemm(const OnnxNode& n) const {  // transB
    const RefTensor& x = In(n, 0);
    const RefTensor& w = In(n, 1);
    RefTensor out = RefMake({x.dims[0], w.dims[0]});
    for (int64_t b = 0; b < x.dims[0]; ++b) {
      for (int64_t o = 0; o < w.dims[0]; ++o) {
        double sum = n.inputs.size() > 2 ? In(n, 2).values[static_cast<size_t>(o)] : 0;
        for (int64_t k = 0; k < x.dims[1]; ++k)
          sum += x.values[static_cast<size_t>(b * x.dims[1] + k)] * w.values[static_cast<size_t>(o * x.dims[1] + k)];
        out.values[static_cast<size_t>(b * w.dims[0] + o)] = sum;
      }
    }
    return out;
  }
  RefTensor MatMul(const OnnxNode& n) const {  // by a matrix
    const RefTensor& x = In(n, 0);
    const RefTensor& w = In(n, 1);
    std::vector<int64_t> dims = x.dims;
    dims.back() = w.dims[1];
    RefTensor out = RefMake(dims);
    for (size_t i = 0; i < out.values.size(); ++i) {
      const std::vector<int64_t> place = PlaceOf(i, dims);
      for (int64_t k = 0; k < w.dims[0]; ++k) {
        std::vector<int64_t> from = place;
        from.back() = k;
        out.values[i] += x.values[IndexOf(from, x.dims)] * w.values[IndexOf({k, place.back()}, w.dims)];
      }
    }
    return out;
  }
  RefTensor Transpose(const OnnxNode& n) const {
    const std::vector<int64_t> order = Ints(n, "perm", {});
    const RefTensor& x = In(n, 0);
    std::vector<int64_t> dims;
    for (const int64_t axis : order) dims.push_back(x.dims[static_cast<size_t>(axis)]);
    RefTensor out = RefMake(dims);
    for (size_t i = 0; i < out.values.size(); ++i) {
      const std::vector<int64_t> place = PlaceOf(i, dims);
      std::vector<int64_t> from(place.size());
      for (size_t k = 0; k < order.size(); ++k) from[static_cast<size_t>(order[k])] = place[k];
      out.values[i] = x.values[IndexOf(from, x.dims)];
    }
    return out;
  }
  RefTensor Reshape(const OnnxNode& n) const {
    RefTensor x = In(n, 0);
    std::vector<int64_t> dims;
    int64_t known = 1;
    for (size_t i = 0; i < In(n, 1).values.size(); ++i) {
      const auto side = static_cast<int64_t>(In(n, 1).values[i]);
      dims.push_back(side == 0 ? x.dims[i] : side);
      known *= dims.back() > 0 ? dims.back() : 1;
    }
    for (int64_t& d : dims) d = d > 0 ? d : static_cast<int64_t>(x.values.size()) / known;
    x.dims = dims;
    return x;
  }
  RefTensor Slice(const OnnxNode& n) const {  // one axis, forwards
    const RefTensor& x = In(n, 0);
    const auto axis = static_cast<size_t>(In(n, 3).values[0]);
    const auto begin = static_cast<int64_t>(In(n, 1).values[0]), step = static_cast<int64_t>(In(n, 4).values[0]);
    std::vector<int64_t> dims = x.dims;
    const auto end = static_cast<int64_t>(std::min(In(n, 2).values[0], static_cast<double>(dims[axis])));
    dims[axis] = (end - begin + step - 1) / step;
    RefTensor out = RefMake(dims);
    for (size_t i = 0; i < out.values.size(); ++i) {
      std::vector<int64_t> place = PlaceOf(i, dims);
      place[axis] = begin + place[axis] * step;
      out.values[i] = x.values[IndexOf(place, x.dims)];
    }
    return out;
  }
  RefTensor Pad(const OnnxNode& n) const {  // channels
    const RefTensor& x = In(n, 0);
    const auto before = static_cast<int64_t>(In(n, 1).values[1]);
    std::vector<int64_t> dims = x.dims;
    dims[1] += before + static_cast<int64_t>(In(n, 1).values[5]);
    RefTensor out = RefMake(dims);
    Each(x, [&](int64_t b, int64_t c, int64_t y, int64_t z) { out.At(b, before + c, y, z) = x.At(b, c, y, z); });
    return out;
  }

  static std::vector<int64_t> PlaceOf(size_t index, const std::vector<int64_t>& dims) {
    std::vector<int64_t> place(dims.size());
    auto rest = static_cast<int64_t>(index);
    for (size_t k = dims.size(); k-- > 0; rest /= dims[k]) place[k] = rest % dims[k];
    return place;
  }
  static size_t IndexOf(const std::vector<int64_t>& place, const std::vector<int64_t>& dims) {
    int64_t index = 0;
    for (size_t k = 0; k < dims.size(); ++k) index = index * dims[k] + place[k];
    return static_cast<size_t>(index);
  }

  RefTensor Softmax(const OnnxNode& n) const {  // of version 13
    RefTensor x = In(n, 0);
    const int64_t given = Int(n, "axis", -1);
    const auto axis = static_cast<size_t>(given < 0 ? given + static_cast<int64_t>(x.dims.size()) : given);
    std::map<std::vector<int64_t>, double> sums;  // by the place in the other axes
    const auto others = [&](size_t i) {
      std::vector<int64_t> place = PlaceOf(i, x.dims);
      place[axis] = 0;
      return place;
    };
    for (size_t i = 0; i < x.values.size(); ++i) sums[others(i)] += x.values[i] = std::exp(x.values[i]);
    for (size_t i = 0; i < x.values.size(); ++i) x.values[i] /= sums[others(i)];
    return x;
  }
  RefTensor Concat(const OnnxNode& n) const {
    const int64_t given = Int(n, "axis", 0);
    std::vector<int64_t> dims = In(n, 0).dims;
    const auto axis = static_cast<size_t>(given < 0 ? given + static_cast<int64_t>(dims.size()) : given);
    dims[axis] = 0;
    for (size_t i = 0; i < n.inputs.size(); ++i) dims[axis] += In(n, i).dims[axis];
    RefTensor out = RefMake(dims);
    int64_t first = 0;
    for (size_t i = 0; i < n.inputs.size(); ++i) {
      const RefTensor& x = In(n, i);
      for (size_t k = 0; k < x.values.size(); ++k) {
        std::vector<int64_t> place = PlaceOf(k, x.dims);
        place[axis] += first;
        out.values[IndexOf(place, dims)] = x.values[k];
      }
      first += x.dims[axis];
    }
    return out;
  }

  template <typename Body>
  static void Each(const RefTensor& t, const Body& body) {
    for (int64_t n = 0; n < t.Side(0); ++n) {
      for (int64_t c = 0; c < t.Side(1); ++c) {
        for (int64_t y = 0; y < t.Side(2); ++y) {
          for (int64_t x = 0; x < t.Side(3); ++x) body(n, c, y, x);
        }
      }
    }
  }

  RefTensor Conv(const OnnxNode& n) const {
    const RefTensor& x = In(n, 0);
    const RefTensor& w = In(n, 1);
    const std::vector<int64_t> s = Ints(n, "strides", {1, 1}), d = Ints(n, "dilations", {1, 1}), p = Ints(n, "pads", {0, 0, 0, 0});
    const int64_t group = Int(n, "group", 1);
    const auto side = [&](size_t i) { return (x.dims[2 + i] + p[i] + p[2 + i] - d[i] * (w.dims[2 + i] - 1) - 1) / s[i] + 1; };
    RefTensor out = RefMake({x.dims[0], w.dims[0], side(0), side(1)});
    Each(out, [&](int64_t b, int64_t o, int64_t y, int64_t z) {
      double sum = n.inputs.size() > 2 ? In(n, 2).values[static_cast<size_t>(o)] : 0;
      const int64_t first = o / (w.dims[0] / group) * w.dims[1];
      for (int64_t c = 0; c < w.dims[1]; ++c) {
        for (int64_t ky = 0; ky < w.dims[2]; ++ky) {
          for (int64_t kx = 0; kx < w.dims[3]; ++kx) {
            const int64_t iy = y * s[0] - p[0] + ky * d[0];
            const int64_t ix = z * s[1] - p[1] + kx * d[1];
            if (iy >= 0 && iy < x.dims[2] && ix >= 0 && ix < x.dims[3]) sum += x.At(b, first + c, iy, ix) * w.At(o, c, ky, kx);
          }
        }
      }
      out.At(b, o, y, z) = sum;
    });
    return out;
  }

  RefTensor Pool(const OnnxNode& n) const {
    const RefTensor& x = In(n, 0);
    const std::vector<int64_t> k = Ints(n, "kernel_shape", {}), s = Ints(n, "strides", {1, 1}), p = Ints(n, "pads", {0, 0, 0, 0});
    const auto side = [&](size_t i) { return (x.dims[2 + i] + p[i] + p[2 + i] - k[i]) / s[i] + 1; };
    RefTensor out = RefMake({x.dims[0], x.dims[1], side(0), side(1)});
    Each(out, [&](int64_t b, int64_t c, int64_t y, int64_t z) {
      double sum = 0;
      double greatest = -INFINITY;
      int count = 0;
      for (int64_t iy = y * s[0] - p[0]; iy < y * s[0] - p[0] + k[0]; ++iy) {
        for (int64_t ix = z * s[1] - p[1]; ix < z * s[1] - p[1] + k[1]; ++ix) {
          if (iy < 0 || iy >= x.dims[2] || ix < 0 || ix >= x.dims[3]) continue;
          sum += x.At(b, c, iy, ix);
          greatest = std::fmax(greatest, x.At(b, c, iy, ix));
          ++count;
        }
      }
      if (Int(n, "count_include_pad", 0) != 0) count = static_cast<int>(k[0] * k[1]);
      out.At(b, c, y, z) = n.op_type == "MaxPool" ? greatest : sum / count;
    });
    return out;
  }

  // Axes are brought together from the last on; an axis of 1 is taken for each of the other's.
  RefTensor Binary(const OnnxNode& n) const {
    const RefTensor& a = In(n, 0);
    const RefTensor& b = In(n, 1);
    std::vector<int64_t> dims(std::max(a.dims.size(), b.dims.size()), 1);
    for (const RefTensor* t : {&a, &b}) {
      const size_t missing = dims.size() - t->dims.size();
      for (size_t k = 0; k < t->dims.size(); ++k) dims[missing + k] = std::max(dims[missing + k], t->dims[k]);
    }
    RefTensor out = RefMake(dims);
    for (size_t i = 0; i < out.values.size(); ++i) {
      const auto at = [&](const RefTensor& t) {
        std::vector<int64_t> place = PlaceOf(i, dims);
        place.erase(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(dims.size() - t.dims.size()));
        for (size_t k = 0; k < place.size(); ++k) place[k] = t.dims[k] == 1 ? 0 : place[k];
        return t.values[IndexOf(place, t.dims)];
      };
      out.values[i] = n.op_type == "Add" ? at(a) + at(b) : at(a) * at(b);
    }
    return out;
  }

  const OnnxModel& model_;
  std::map<std::string, RefTensor> values_;
  std::map<std::string, OnnxType> types_;  // of initializers
};

}  // namespace tradewind
