// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/artefact_cache.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

namespace tradewind {
namespace {

constexpr size_t kDigits = 16;  // of an input's SHA-256

}  // namespace

std::string ArtefactCache::PathOf(const Maker& maker, std::span<const Artefact> inputs, const Setting& setting) const {
  std::string name;
  for (const Artefact& input : inputs) name += input.sha256.substr(0, kDigits) + "-";
  name += std::string(maker.name()) + "-" + setting.Canonical(maker.knobs()).Text();
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '=' && c != '.'; }, '_');
  return folder_ + "/" + name + std::string(maker.suffix());
}

bool ArtefactCache::Has(const Maker& maker, std::span<const Artefact> inputs, const Setting& setting) const {
  std::error_code ignored;
  return std::filesystem::exists(PathOf(maker, inputs, setting), ignored);
}

Result<Artefact> ArtefactCache::Get(Maker& maker, std::span<const Artefact> inputs, const Setting& setting) const {
  const std::string path = PathOf(maker, inputs, setting);
  std::error_code error;
  if (const auto size = std::filesystem::file_size(path, error); !error) {
    Artefact found{.path = path, .size_bytes = size, .maker = std::string(maker.name()), .setting = setting};
    for (const Artefact& input : inputs) {
      found.inputs.push_back(input.sha256);
      found.kind = input.kind;
      found.licence = input.licence;
    }
    return found;
  }
  std::filesystem::create_directories(folder_, error);
  if (error) return Fail(StatusCode::kIo, "cannot make the folder " + folder_ + ": " + error.message());
  return maker.Make(inputs, setting, path);
}

}  // namespace tradewind
