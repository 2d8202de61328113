// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_external.h"

namespace tradewind {

Result<std::shared_ptr<const MappedFile>> OnnxExternalFiles::Open(const std::string& location) {
  if (model_path_.empty()) {
    return Fail(StatusCode::kInvalidInput, "the data lie in another file, which a model in memory has not; give the model's path");
  }
  const auto known = open_.find(location);
  if (known != open_.end()) return known->second;
  const size_t slash = model_path_.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : slash == 0 ? "/" : model_path_.substr(0, slash);
  TW_ASSIGN(MappedFile file, MappedFile::OpenBelow(folder, location));
  return open_.emplace(location, std::make_shared<const MappedFile>(std::move(file))).first->second;
}

}  // namespace tradewind
