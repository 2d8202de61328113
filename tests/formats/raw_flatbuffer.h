// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// FlatBuffers as a tree that a test may bend before it is written, and a small TFLite model made of it. The fields' numbers are those of
// TFLite's schema.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace tradewind {

// A table, a list of tables, or plain bytes with a count before them (a text, a list of numbers).
struct RawFlat {
  enum class Kind { kTable, kTables, kVector } kind = Kind::kTable;
  std::map<int, std::vector<std::byte>> numbers{};  // of a table
  std::map<int, RawFlat> children{};                // of a table
  std::vector<RawFlat> tables{};                    // of kTables
  std::vector<std::byte> raw{};                     // of kVector
  uint32_t count = 0;                               // of kVector: elements

  template <typename T>
  RawFlat& Set(int field, T value) {
    std::vector<std::byte> bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    numbers[field] = bytes;
    return *this;
  }
  RawFlat& Set(int field, RawFlat child) {
    children[field] = std::move(child);
    return *this;
  }
  template <typename T>
  static RawFlat Vector(const std::vector<T>& values) {
    RawFlat v{.kind = Kind::kVector, .count = static_cast<uint32_t>(values.size())};
    v.raw.resize(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(v.raw.data(), values.data(), v.raw.size());
    return v;
  }
  static RawFlat Text(const std::string& text) { return Vector(std::vector<char>(text.begin(), text.end())); }
  static RawFlat Tables(std::vector<RawFlat> tables) { return {.kind = Kind::kTables, .tables = std::move(tables)}; }
};

inline void PutAt(std::vector<std::byte>& out, size_t at, const void* value, size_t size) {
  if (out.size() < at + size) out.resize(at + size);
  std::memcpy(out.data() + at, value, size);
}
template <typename T>
void PutAt(std::vector<std::byte>& out, size_t at, T value) {
  PutAt(out, at, &value, sizeof(T));
}

// Appends a node; returns where it begins.
inline size_t WriteFlat(const RawFlat& node, std::vector<std::byte>& out) {
  const auto refer = [&](size_t place, const RawFlat& child) {
    const size_t at = WriteFlat(child, out);
    PutAt<uint32_t>(out, place, static_cast<uint32_t>(at - place));
  };
  if (node.kind == RawFlat::Kind::kVector) {
    const size_t at = out.size();
    PutAt<uint32_t>(out, at, node.count);
    out.insert(out.end(), node.raw.begin(), node.raw.end());
    return at;
  }
  if (node.kind == RawFlat::Kind::kTables) {
    const size_t at = out.size();
    PutAt<uint32_t>(out, at, static_cast<uint32_t>(node.tables.size()));
    out.resize(out.size() + 4 * node.tables.size());
    for (size_t i = 0; i < node.tables.size(); ++i) refer(at + 4 + 4 * i, node.tables[i]);
    return at;
  }
  int fields = 0;
  for (const auto& [field, value] : node.numbers) fields = std::max(fields, field + 1);
  for (const auto& [field, value] : node.children) fields = std::max(fields, field + 1);
  const size_t list = out.size();
  const size_t table = list + 4 + 2 * static_cast<size_t>(fields);
  size_t end = table + 4;
  out.resize(end);
  PutAt<int32_t>(out, table, static_cast<int32_t>(table - list));
  std::map<int, size_t> places;
  for (const auto& [field, value] : node.numbers) {
    PutAt<uint16_t>(out, list + 4 + 2 * static_cast<size_t>(field), static_cast<uint16_t>(end - table));
    PutAt(out, end, value.data(), value.size());
    end += value.size();
  }
  for (const auto& [field, value] : node.children) {
    PutAt<uint16_t>(out, list + 4 + 2 * static_cast<size_t>(field), static_cast<uint16_t>(end - table));
    PutAt<uint32_t>(out, end, 0);
    places[field] = end;
    end += 4;
  }
  PutAt<uint16_t>(out, list, static_cast<uint16_t>(table - list));
  PutAt<uint16_t>(out, list + 2, static_cast<uint16_t>(end - table));
  for (const auto& [field, place] : places) refer(place, node.children.at(field));
  return table;
}

inline std::vector<std::byte> FlatFile(const RawFlat& root, const std::string& identifier = "TFL3") {
  std::vector<std::byte> out(4);
  PutAt(out, 4, identifier.data(), identifier.size());
  const size_t at = WriteFlat(root, out);
  PutAt<uint32_t>(out, 0, static_cast<uint32_t>(at));
  return out;
}

// What a test bends: a model of one convolution, input (1x4x4x2) -> output (1x4x4x3), quantised.
struct RawTflite {
  RawFlat code, input, weights, bias, output, op, options, graph, model;
  std::vector<RawFlat> buffers;

  RawTflite() {
    const auto tensor = [](const std::string& name, std::vector<int32_t> shape, int8_t type, uint32_t buffer) {
      RawFlat quantization;
      quantization.Set(2, RawFlat::Vector(std::vector<float>{0.5f})).Set(3, RawFlat::Vector(std::vector<int64_t>{3}));
      RawFlat t;
      t.Set(0, RawFlat::Vector(shape)).Set(1, type).Set(2, buffer).Set(3, RawFlat::Text(name)).Set(4, quantization);
      return t;
    };
    code.Set<int8_t>(0, 3);
    input = tensor("input", {1, 4, 4, 2}, 3, 0);
    weights = tensor("weights", {3, 1, 1, 2}, 3, 1);
    bias = tensor("bias", {3}, 2, 2);
    output = tensor("output", {1, 4, 4, 3}, 3, 0);
    options.Set<int8_t>(0, 0).Set<int32_t>(1, 1).Set<int32_t>(2, 1).Set<int8_t>(3, 1);
    op.Set<uint32_t>(0, 0)
        .Set(1, RawFlat::Vector(std::vector<int32_t>{0, 1, 2}))
        .Set(2, RawFlat::Vector(std::vector<int32_t>{3}))
        .Set<uint8_t>(3, 1);
    graph.Set(1, RawFlat::Vector(std::vector<int32_t>{0})).Set(2, RawFlat::Vector(std::vector<int32_t>{3}));
    model.Set<uint32_t>(0, 3);
    buffers.resize(3);
    buffers[1].Set(0, RawFlat::Vector(std::vector<uint8_t>(6, 7)));
    buffers[2].Set(0, RawFlat::Vector(std::vector<uint8_t>(12, 0)));
  }
  std::vector<std::byte> Bytes() const {
    RawFlat whole_op = op;
    if (!options.numbers.empty()) whole_op.Set(4, options);
    RawFlat whole_graph = graph;
    if (!whole_graph.children.contains(0)) whole_graph.Set(0, RawFlat::Tables({input, weights, bias, output}));
    if (!whole_graph.children.contains(3)) whole_graph.Set(3, RawFlat::Tables({whole_op}));
    RawFlat whole = model;
    whole.Set(1, RawFlat::Tables({code})).Set(4, RawFlat::Tables(buffers));
    if (!whole.children.contains(2)) whole.Set(2, RawFlat::Tables({whole_graph}));
    return FlatFile(whole);
  }
};

}  // namespace tradewind
