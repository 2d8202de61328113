// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/model_file.h"

#include <filesystem>

#include "llm/hugging_face.h"

namespace tradewind {

Result<Gguf> OpenModelFile(const std::string& path) {
  constexpr std::string_view kSafetensors = ".safetensors";
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return ImportHuggingFace(path + "/model.safetensors");
  if (std::string_view(path).ends_with(kSafetensors)) return ImportHuggingFace(path);
  return Gguf::Open(path);
}

}  // namespace tradewind
