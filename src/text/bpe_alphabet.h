// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GPT-2's spelling of bytes: byte-level vocabularies write each byte as one printable character, a space as U+0120. Pure functions,
// thread-safe.
//
//   SpellBytes(" a") == "Ġa";  UnspellBytes("Ġa") == " a";
#pragma once

#include <string>
#include <string_view>

namespace tradewind {

std::string SpellBytes(std::string_view bytes);

// Characters that stand for no byte are kept as they are.
std::string UnspellBytes(std::string_view spelling);

}  // namespace tradewind
