// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Archives that the system's tar makes, and one lie a test.
#include "formats/tar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

std::string_view ContentOf(const std::string& archive, const TarMember& member) {
  return std::string_view(archive).substr(member.offset, member.bytes);
}

class TarTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/tar_test." + std::to_string(getpid());
    std::filesystem::create_directories(folder_ + "/in/" + long_folder_);
    std::ofstream(folder_ + "/in/short.txt") << "twelve bytes";
    std::ofstream(folder_ + "/in/empty.txt");
    std::ofstream(folder_ + "/in/" + long_folder_ + "/long.txt") << std::string(1000, 'x');
    std::filesystem::create_symlink("short.txt", folder_ + "/in/link.txt");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Archive(const std::string& format) const {
    const std::string command = "tar --sort=name --format=" + format + " -C '" + folder_ + "' -cf '" + folder_ + "/a.tar' in";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return ReadFile(folder_ + "/a.tar", 1 << 20).value_or("");
  }
  static Result<std::vector<TarMember>> List(const std::string& archive) { return ListTar(std::as_bytes(std::span(archive)), "a.tar"); }
  static std::string ErrorOf(const std::string& archive) {
    const auto members = List(archive);
    return members ? "" : members.error().ToString();
  }

  std::string folder_;
  const std::string long_folder_ = std::string(70, 'd') + "/" + std::string(60, 'e');
};

TEST_F(TarTest, ListsPlainFilesOfEveryFormatThatTarWrites) {
  for (const std::string format : {"ustar", "gnu", "pax"}) {
    SCOPED_TRACE(format);
    const std::string archive = Archive(format);
    const auto members = List(archive);
    ASSERT_TRUE(members) << members.error().ToString();
    ASSERT_EQ(members->size(), 3u);
    EXPECT_EQ((*members)[0].name, "in/" + long_folder_ + "/long.txt");
    EXPECT_EQ(ContentOf(archive, (*members)[0]), std::string(1000, 'x'));
    EXPECT_EQ((*members)[1].name, "in/empty.txt");
    EXPECT_EQ((*members)[2].name, "in/short.txt");
    EXPECT_EQ(ContentOf(archive, (*members)[2]), "twelve bytes");
  }
}

TEST_F(TarTest, RefusesWhatIsCutOrDamaged) {
  const std::string archive = Archive("ustar");
  const auto members = List(archive);
  ASSERT_TRUE(members);
  EXPECT_THAT(ErrorOf(archive.substr(0, members->back().offset + 5)), HasSubstr("'in/short.txt'; it was cut short"));
  EXPECT_THAT(ErrorOf(archive.substr(0, members->back().offset - 100)), HasSubstr("cut short"));
  std::string flipped = archive;
  flipped[members->back().offset - 512 + 130] ^= 1;  // of its length
  EXPECT_THAT(ErrorOf(flipped), HasSubstr("next member is damaged"));
  EXPECT_THAT(ErrorOf(flipped), HasSubstr("byte " + std::to_string(members->back().offset - 512)));
  EXPECT_THAT(ErrorOf("\x1f\x8b" + std::string(2000, 'z')), HasSubstr("gunzip"));
  EXPECT_THAT(ErrorOf("short"), HasSubstr("cut short"));
}

TEST_F(TarTest, RealArchive) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/cifar10/test.tar"));
  const auto file = MappedFile::Open(path);
  ASSERT_TRUE(file);
  const auto members = ListTar(file->bytes(), path);
  ASSERT_TRUE(members) << members.error().ToString();
  EXPECT_EQ(members->size(), 10000u);
  for (const TarMember& member : *members) {
    ASSERT_TRUE(member.name.ends_with(".jpg"));
    ASSERT_EQ(file->bytes()[member.offset], std::byte{0xFF});
  }
}

}  // namespace
}  // namespace tradewind
