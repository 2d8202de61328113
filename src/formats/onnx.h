// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ONNX: a model as plain structs that may be changed and written again. Reading validates: bounded counts, tensors as large as their shapes
// say, external data inside the model's folder, every name made before it is used, no cycles. Copies share the weights, which stay in the
// mapped file. Plain values: one thread changes a model, many may read it.
//
//   TW_ASSIGN(OnnxModel model, ReadOnnx("net.onnx"));
//   for (const OnnxNode& node : model.graph.nodes) ...
//   TW_ASSIGN(const std::vector<std::byte> bytes, WriteOnnx(model));
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"

namespace tradewind {

// A model at its limits takes some 300 MiB of heap, weights apart.
struct OnnxLimits {
  static constexpr uint64_t kFileBytes = (2ull << 30) - 1;  // of a message, by Protocol Buffers' own rule; external data may be more
  static constexpr uint64_t kNodes = 1u << 16;
  static constexpr uint64_t kItems = 1u << 20;  // names, attributes, numbers in attributes, tensors and the like, in all
  static constexpr uint64_t kNameBytes = 4096;
  static constexpr uint64_t kTextBytes = 1u << 20;  // of an attribute or an entry of metadata
  static constexpr uint64_t kDimensions = 16;
  static constexpr int kSubgraphDepth = 8;
};

// The numbers of TensorProto.DataType.
enum class OnnxType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kBfloat16 = 16,
};
std::string_view OnnxTypeName(OnnxType type);  // "float", as the format's documents write it; "?" if it is not read here
uint64_t OnnxTypeBytes(OnnxType type);         // of an element; 0 for strings and what is not read here

struct OnnxTensor {
  std::string name;
  OnnxType type = OnnxType::kUndefined;
  std::vector<int64_t> dims{};           // none below 0; empty: one value
  std::span<const std::byte> data{};     // elements, row-major, little-endian, not aligned; empty for strings
  std::vector<std::string> strings{};    // of kString
  std::shared_ptr<const void> keeper{};  // keeps `data` alive

  // A tensor that owns a copy of its values.
  static OnnxTensor Of(std::string name, std::vector<int64_t> dims, std::span<const float> values);
  static OnnxTensor Of(std::string name, std::vector<int64_t> dims, std::span<const int64_t> values);
  static OnnxTensor OfBytes(std::string name, OnnxType type, std::vector<int64_t> dims, std::vector<std::byte> data);
  int64_t values() const;  // the product of dims, which reading has checked
  // Element `i` < values(), where T is the C++ type of `type`.
  template <typename T>
  T At(int64_t i) const;
};

struct OnnxGraph;

// A subgraph is shared by copies of its node and never changed.
using OnnxAttributeValue = std::variant<int64_t, float, std::string, OnnxTensor, std::vector<int64_t>, std::vector<float>,
                                        std::vector<std::string>, std::shared_ptr<const OnnxGraph>>;

struct OnnxAttribute {
  std::string name;
  OnnxAttributeValue value{};
};

struct OnnxNode {
  std::string name;  // may be empty
  std::string op_type;
  std::string domain{};                // empty: ONNX's own
  std::vector<std::string> inputs{};   // "": left out
  std::vector<std::string> outputs{};  // "": not wanted
  std::vector<OnnxAttribute> attributes{};

  // nullptr if absent or of another type.
  template <typename T>
  const T* Attribute(std::string_view key) const;
  const OnnxAttributeValue* FindAttribute(std::string_view key) const;
};

// A dimension is a number, a name ("batch"), or neither: unknown.
struct OnnxDimension {
  std::optional<int64_t> value{};
  std::string name{};
};

// What goes in or comes out, or a value between.
struct OnnxValue {
  std::string name;
  OnnxType type = OnnxType::kUndefined;               // kUndefined: unknown, or no tensor
  std::optional<std::vector<OnnxDimension>> shape{};  // nullopt: unknown rank
};

struct OnnxGraph {
  std::string name;
  std::vector<OnnxNode> nodes{};  // each after those whose outputs it takes
  std::vector<OnnxTensor> initializers{};
  std::vector<OnnxValue> inputs{};  // older files list initializers here as well
  std::vector<OnnxValue> outputs{};
  std::vector<OnnxValue> values{};  // shapes between, where the file has them

  const OnnxTensor* FindInitializer(std::string_view value) const;  // nullptr if absent; linear
};

struct OnnxOpset {
  std::string domain{};
  int64_t version = 0;
};

struct OnnxModel {
  std::string source;  // the path, for errors
  int64_t ir_version = 0;
  std::string producer{};
  std::vector<OnnxOpset> opsets{};
  OnnxGraph graph{};
  std::vector<std::pair<std::string, std::string>> metadata{};

  int64_t opset() const;  // of ONNX's own domain
};

// Maps and validates a file and the external data that it names, which must be plain files below the model's folder. kInvalidInput names
// the node, tensor or field and the byte offset; kUnsupported what is not read here: functions, sparse tensors, training graphs.
Result<OnnxModel> ReadOnnx(const std::string& path);
// The same over bytes in memory, which are copied; `name` stands for the path. External data are refused.
Result<OnnxModel> ReadOnnxBytes(std::span<const std::byte> bytes, std::string name);

// The file's bytes, all weights inside. kInvalidInput if the graph is not one that ReadOnnx would take; kUnsupported over 2 GiB.
Result<std::vector<std::byte>> WriteOnnx(const OnnxModel& model);

// What reading checks of a graph, for one that was changed: names made once and before their use, no cycles, limits. Sorts the nodes where
// their order is not one that can be run.
Result<void> CheckOnnx(OnnxModel& model);

template <typename T>
const T* OnnxNode::Attribute(std::string_view key) const {
  const OnnxAttributeValue* found = FindAttribute(key);
  return found == nullptr ? nullptr : std::get_if<T>(found);
}

template <typename T>
T OnnxTensor::At(int64_t i) const {
  T value;
  std::memcpy(&value, data.data() + static_cast<size_t>(i) * sizeof(T), sizeof(T));
  return value;
}

}  // namespace tradewind
