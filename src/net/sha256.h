// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4) by OpenSSL: of bytes as they stream past, and of a whole file. Thread-compatible.
//
//   Sha256 hash;
//   hash.Update(bytes);
//   std::string hex = hash.HexDigest();   // 64 lower-case digits; ends the stream
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "net/transfer.h"

namespace tradewind {

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  ~Sha256();
  void Update(std::span<const std::byte> bytes);
  std::string HexDigest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct FileDigest {
  std::string sha256;
  uint64_t size_bytes = 0;
};
// Reads the whole file; reports progress as stage "verify".
Result<FileDigest> HashFile(const std::string& path, const TransferControl& control = {});

// Whether `text` is 64 hexadecimal digits in lower case.
bool IsSha256(std::string_view text);

}  // namespace tradewind
