// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "net_test_util.h"

namespace tradewind {
namespace {

using ::testing::HasSubstr;

std::string Little(uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// A zip archive with one stored entry, field by field (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16), so that each field can lie.
struct Zip {
  std::string name = "folder/entry", content = "some content";
  uint32_t crc = 0x431f313f;  // of "some content", by Python's zlib.crc32
  uint32_t size = 12, packed_size = 12, entries = 1, central_offset_error = 0;
  uint16_t method = 0, flags = 0;

  std::string Bytes() const {
    const std::string common = Little(20, 2) + Little(flags, 2) + Little(method, 2) + Little(0, 4) + Little(crc, 4) +
                               Little(packed_size, 4) + Little(size, 4) + Little(static_cast<uint32_t>(name.size()), 2) + Little(0, 2);
    const std::string local = "PK\x03\x04" + common + name + content;
    const std::string central =
        "PK\x01\x02" + Little(20, 2) + common + Little(0, 2) + Little(0, 2) + Little(0, 2) + Little(0, 4) + Little(0, 4) + name;
    const std::string end = std::string("PK\x05\x06") + Little(0, 4) + Little(entries, 2) + Little(entries, 2) +
                            Little(static_cast<uint32_t>(central.size()), 4) +
                            Little(static_cast<uint32_t>(local.size()) + central_offset_error, 4) + Little(0, 2);
    return local + central + end;
  }
};

class ArchiveTest : public ::testing::Test {
 protected:
  Result<uint64_t> Read(const std::string& bytes, uint64_t limit = 1000, const std::string& entry = "folder/entry") {
    Spill(path_, bytes);
    content_.clear();
    return ReadArchiveEntry(path_, entry, limit, [&](std::span<const std::byte> piece) -> Result<void> {
      content_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      return {};
    });
  }
  TempFolder folder_;
  std::string path_ = folder_ / "x.whl";
  std::string content_;
};

TEST_F(ArchiveTest, ReadsAnEntry) {
  const auto size = Read(Zip{}.Bytes());
  ASSERT_TRUE(size) << size.error().ToString();
  EXPECT_EQ(*size, 12u);
  EXPECT_EQ(content_, "some content");
}

TEST_F(ArchiveTest, LooksNamesUpLiterally) {
  for (const char* name : {"folder", "folder/", "entry", "FOLDER/ENTRY", "./folder/entry", "folder/../folder/entry", "folder/*"}) {
    EXPECT_EQ(Read(Zip{}.Bytes(), 1000, name).error().code(), StatusCode::kNotFound) << name;
  }
  Zip zip;
  zip.name = "../../evil";
  EXPECT_TRUE(Read(zip.Bytes(), 1000, "../../evil")) << "a name is never a path here: the bytes go to the sink alone";
}

TEST_F(ArchiveTest, HoldsTheSizeAgainstTheLimitBeforeReading) {
  Zip bomb;
  bomb.size = 0x7fffffff;
  const auto result = Read(bomb.Bytes());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(result.error().message(), HasSubstr("has 2147483647 bytes, more than the 1000 expected"));
  EXPECT_EQ(content_, "");
  EXPECT_TRUE(Read(Zip{}.Bytes(), 12));
  EXPECT_FALSE(Read(Zip{}.Bytes(), 11));
}

TEST_F(ArchiveTest, FindsLies) {
  Zip crc;
  crc.crc ^= 1;
  EXPECT_FALSE(Read(crc.Bytes()));
  Zip longer;
  longer.size = 100;
  EXPECT_FALSE(Read(longer.Bytes()));
  Zip shorter;
  shorter.size = 3;
  EXPECT_FALSE(Read(shorter.Bytes()));
  Zip method;
  method.method = 12;
  EXPECT_EQ(Read(method.Bytes()).error().code(), StatusCode::kUnsupported);
  Zip encrypted;
  encrypted.flags = 1;
  EXPECT_EQ(Read(encrypted.Bytes()).error().code(), StatusCode::kUnsupported);
  Zip many;
  many.entries = 60000;
  EXPECT_FALSE(Read(many.Bytes()));
  Zip offset;
  offset.central_offset_error = 5000;
  EXPECT_FALSE(Read(offset.Bytes()));
}

TEST_F(ArchiveTest, SurvivesEveryCutAndEveryFlippedByte) {
  const std::string whole = Zip{}.Bytes();
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(Read(whole.substr(0, size))) << size;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xff);
    if (Read(bytes)) {
      EXPECT_EQ(content_, "some content") << at;
    }
  }
  EXPECT_EQ(Read("no zip file").error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(ReadArchiveEntry(folder_ / "absent", "x", 1, {}).error().code(), StatusCode::kNotFound);
}

TEST_F(ArchiveTest, GivesTheErrorOfItsSink) {
  Spill(path_, Zip{}.Bytes());
  const auto result = ReadArchiveEntry(
      path_, "folder/entry", 1000, [](std::span<const std::byte>) -> Result<void> { return Fail(StatusCode::kResourceExhausted, "full"); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "full");
}

}  // namespace
}  // namespace tradewind
