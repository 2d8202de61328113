// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx.h"

#include <algorithm>

#include "base/file.h"
#include "formats/onnx_external.h"
#include "formats/onnx_parser.h"

namespace tradewind {

const OnnxAttributeValue* OnnxNode::FindAttribute(std::string_view key) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const OnnxAttribute& a) { return a.name == key; });
  return found == attributes.end() ? nullptr : &found->value;
}

const OnnxTensor* OnnxGraph::FindInitializer(std::string_view value) const {
  const auto found = std::find_if(initializers.begin(), initializers.end(), [&](const OnnxTensor& t) { return t.name == value; });
  return found == initializers.end() ? nullptr : &*found;
}

int64_t OnnxModel::opset() const {
  const auto found = std::find_if(opsets.begin(), opsets.end(), [](const OnnxOpset& o) { return o.domain.empty(); });
  return found == opsets.end() ? 0 : found->version;
}

Result<OnnxModel> ReadOnnx(const std::string& path) {
  TW_ASSIGN(MappedFile mapped, MappedFile::Open(path));
  const auto file = std::make_shared<const MappedFile>(std::move(mapped));
  OnnxModel model{.source = path};
  OnnxExternalFiles external(path);
  auto read = OnnxParser::Parse(file->bytes(), file, external, model);
  TW_RETURN_IF_ERROR(IfWhole(*file, std::move(read)));
  TW_RETURN_IF_ERROR(CheckOnnx(model));
  return model;
}

Result<OnnxModel> ReadOnnxBytes(std::span<const std::byte> bytes, std::string name) {
  const auto copy = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
  OnnxModel model{.source = std::move(name)};
  OnnxExternalFiles external("");
  TW_RETURN_IF_ERROR(OnnxParser::Parse(*copy, copy, external, model));
  TW_RETURN_IF_ERROR(CheckOnnx(model));
  return model;
}

}  // namespace tradewind
