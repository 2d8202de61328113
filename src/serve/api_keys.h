// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ApiKeys: who may ask, and as whom. A key stands for a tenant: whose turn is counted, whose prompts are shared with each other alone. Only
// digests of keys are held, and looking one up takes as long whatever it is. Immutable after loading; thread-safe.
//
//   TW_ASSIGN(const ApiKeys keys, ApiKeys::Load({"sk-1"}, "keys.txt"));
//   const std::optional<std::string> tenant = keys.TenantOf(*request.Find("Authorization"));
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class ApiKeys {
 public:
  ApiKeys() = default;  // no keys: everybody may, as the tenant ""
  // `keys` as given on the command line, and those of `file`, if one is named: a key a line, or NAME=KEY; empty lines and lines that begin
  // with # are skipped. kNotFound, kIo; kInvalidInput names the line of a key that is too short, too long, or there twice.
  static Result<ApiKeys> Load(const std::vector<std::string>& keys, const std::string& file);

  bool needed() const { return !entries_.empty(); }
  // The tenant of a header's value, "Bearer KEY", or of a bare KEY. None: no such key.
  std::optional<std::string> TenantOf(std::string_view credential) const;
  size_t size() const { return entries_.size(); }

  static constexpr size_t kLeastBytes = 8;
  static constexpr size_t kMostBytes = 512;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Entry {
    Digest digest;
    std::string tenant;
  };
  static Digest DigestOf(std::string_view key);
  Result<void> Add(std::string_view key, std::string tenant, const std::string& where);
  std::vector<Entry> entries_;
};

}  // namespace tradewind
