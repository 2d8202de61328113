// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/sha256.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net_test_util.h"

namespace tradewind {
namespace {

std::string HexOf(const std::string& text, size_t piece) {
  Sha256 hash;
  for (size_t at = 0; at < text.size(); at += piece)
    hash.Update(std::as_bytes(std::span(text).subspan(at, std::min(piece, text.size() - at))));
  return hash.HexDigest();
}

// The examples of FIPS 180-4 (NIST, SHA256.pdf), and the empty message.
TEST(Sha256Test, AgreesWithThePublishedExamples) {
  const std::pair<std::string, std::string> examples[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& [text, hex] : examples) {
    for (const size_t piece : {size_t{1} << 20, size_t{999}}) EXPECT_EQ(HexOf(text, piece), hex);
  }
}

TEST(Sha256Test, HashesAFileAcrossItsBuffer) {
  const TempFolder folder;
  Spill(folder / "a", std::string(1'000'000, 'a'));
  const auto digest = HashFile(folder / "a");
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->sha256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(digest->size_bytes, 1'000'000u);
  EXPECT_EQ(HashFile(folder / "absent").error().code(), StatusCode::kNotFound);
  EXPECT_EQ(HashFile(folder.path()).error().code(), StatusCode::kIo);
  TransferControl stop;
  stop.cancelled = [] { return true; };
  EXPECT_EQ(HashFile(folder / "a", stop).error().code(), StatusCode::kCancelled);
}

TEST(Sha256Test, KnowsTheFormOfAHash) {
  EXPECT_TRUE(IsSha256(std::string(64, 'a')));
  for (const std::string& text : {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'), std::string(64, 'g'), std::string()})
    EXPECT_FALSE(IsSha256(text));
}

}  // namespace
}  // namespace tradewind
