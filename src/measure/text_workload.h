// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Workloads made of one text file: "text:FILE". Scored in windows of about 2,048 bytes, cut at line ends, so that models with different
// tokenizers see the same text with the same context; timed on prompts of several lengths taken from it.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "core/workload.h"

namespace tradewind {

// `spec` is "text:FILE"; the file has 1 byte to 64 MiB. The id depends on the text and on how it is cut, not on the file's name.
Result<Workload> LoadWorkload(const std::string& spec);

// The same from a text at hand, named `name`.
Workload MakeTextWorkload(std::string_view text, std::string name);

// The text that such a workload was made of.
std::string WholeText(const Workload& workload);

}  // namespace tradewind
