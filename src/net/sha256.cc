// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <vector>

namespace tradewind {
namespace {

constexpr size_t kHashChunk_bytes = 1 << 20;

// OpenSSL's SHA-256 fails only when memory is out or the build has none: neither is something a caller can mend.
void Check(int ok) {
  const bool openssl_sha256_works = ok == 1;
  assert(openssl_sha256_works);
  (void)openssl_sha256_works;
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  Check(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::Update(std::span<const std::byte> bytes) {
  Check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Sha256::HexDigest() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  Check(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

Result<FileDigest> HashFile(const std::string& path, const TransferControl& control) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Fail(errno == ENOENT ? StatusCode::kNotFound : StatusCode::kIo, "cannot read " + path + ": " + std::strerror(errno));
  }
  struct stat info{};
  const uint64_t total = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
  ProgressMeter meter(control, "verify", total);
  Sha256 hash;
  FileDigest digest;
  std::vector<std::byte> buffer(kHashChunk_bytes);
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::close(fd);
      return Fail(StatusCode::kIo, "cannot read " + path + ": " + std::strerror(error));
    }
    if (n == 0) break;
    hash.Update(std::span(buffer).first(static_cast<size_t>(n)));
    digest.size_bytes += static_cast<uint64_t>(n);
    meter.Report(digest.size_bytes);
    if (control.Cancelled()) {
      ::close(fd);
      return Fail(CancelledStatus("checking " + path));
    }
  }
  ::close(fd);
  meter.Report(digest.size_bytes, true);
  digest.sha256 = hash.HexDigest();
  return digest;
}

bool IsSha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace tradewind
