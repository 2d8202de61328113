// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The words in which errors about GGUF files speak of names and numbers. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tradewind {

// `name` in quotes, fit for a terminal: other than printable ASCII as \xNN, and cut after 80 bytes.
std::string Quoted(std::string_view name);

// Whether every byte is printable ASCII.
bool IsPrintable(std::string_view text);

// "17 (IQ2_XS)", or "99 (unknown)": a tensor type's number in a GGUF file, with its name where the format has one.
std::string GgufTensorTypeText(uint32_t gguf_id);

// "F32, F16, ...": the tensor types that can be read.
std::string ReadableTypes();

}  // namespace tradewind
