// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Safetensors as Hugging Face's libraries write them, brought under the names of GGUF. config.json says the architecture, whose table
// (llm/architectures) says the rest; vocab.txt and tokenizer_config.json give the tokenizer, 1_Pooling/config.json the pooling.
#pragma once

#include <string>

#include "base/status.h"
#include "formats/gguf.h"

namespace tradewind {

// kUnsupported names the key of config.json, or the tensor, that has no place here; kInvalidInput what is missing or malformed.
Result<Gguf> ImportHuggingFace(const std::string& safetensors_path);

}  // namespace tradewind
