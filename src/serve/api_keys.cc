// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api_keys.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include "base/file.h"
#include "net/http_message.h"

namespace tradewind {
namespace {

constexpr uint64_t kMostFileBytes = uint64_t{1} << 20;

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

ApiKeys::Digest ApiKeys::DigestOf(std::string_view key) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  return digest;
}

Result<ApiKeys> ApiKeys::Load(const std::vector<std::string>& keys, const std::string& file) {
  ApiKeys made;
  for (size_t i = 0; i < keys.size(); ++i) {
    TW_RETURN_IF_ERROR(made.Add(keys[i], "key-" + std::to_string(i + 1), "--api-key"));
  }
  if (file.empty()) return made;
  TW_ASSIGN(const std::string text, ReadFile(file, kMostFileBytes));
  uint64_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = Trimmed(std::string_view(text).substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const size_t equals = line.find('=');
    const bool named = equals != std::string_view::npos && equals > 0;
    const std::string_view key = named ? Trimmed(line.substr(equals + 1)) : line;
    std::string tenant = named ? std::string(Trimmed(line.substr(0, equals))) : "line-" + std::to_string(number);
    TW_RETURN_IF_ERROR(made.Add(key, std::move(tenant), file + ", line " + std::to_string(number)));
  }
  if (!made.needed()) return Fail(Status(StatusCode::kInvalidInput, file + " holds no keys; write one a line").At("--api-key-file"));
  return made;
}

Result<void> ApiKeys::Add(std::string_view key, std::string tenant, const std::string& where) {
  if (key.size() < kLeastBytes || key.size() > kMostBytes) {
    return Fail(Status(StatusCode::kInvalidInput, "a key has " + std::to_string(key.size()) + " characters; take " +
                                                      std::to_string(kLeastBytes) + " to " + std::to_string(kMostBytes))
                    .At(where));
  }
  const Digest digest = DigestOf(key);
  for (const Entry& entry : entries_) {
    if (entry.digest == digest) return Fail(Status(StatusCode::kInvalidInput, "this key was given before").At(where));
    if (entry.tenant == tenant) {
      return Fail(Status(StatusCode::kInvalidInput, "the name " + tenant + " was given before").At(where));
    }
  }
  entries_.push_back({digest, std::move(tenant)});
  return {};
}

std::optional<std::string> ApiKeys::TenantOf(std::string_view credential) const {
  constexpr std::string_view kBearer = "Bearer ";
  std::string_view key = Trimmed(credential);
  if (key.size() > kBearer.size() && HttpEqual(key.substr(0, kBearer.size()), kBearer)) key = Trimmed(key.substr(kBearer.size()));
  if (key.size() > kMostBytes) return std::nullopt;
  const Digest digest = DigestOf(key);
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {  // all of them, found or not
    if (CRYPTO_memcmp(digest.data(), entry.digest.data(), digest.size()) == 0) found = &entry;
  }
  return found != nullptr ? std::optional(found->tenant) : std::nullopt;
}

}  // namespace tradewind
