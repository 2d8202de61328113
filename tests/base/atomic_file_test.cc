// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A file written in parts appears whole or not at all. WriteFileAtomically, which stands on it, is tested in file_test.cc;
// file_descriptor.h with both.
#include "base/atomic_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tradewind {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest() {
    std::string pattern = (fs::temp_directory_path() / "tradewind_atomic_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~AtomicFileTest() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  size_t Files() const { return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }
  static std::string Get(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::span<const std::byte> Of(std::string_view text) { return std::as_bytes(std::span(text)); }
  std::string folder_;
};

TEST_F(AtomicFileTest, AppearsAtCommitWithAllItsParts) {
  auto file = AtomicFile::Create(Path("a"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->Write(Of("one ")));
  ASSERT_TRUE(file->Write({}));
  ASSERT_TRUE(file->Write(Of("two")));
  EXPECT_FALSE(fs::exists(Path("a")));
  ASSERT_TRUE(file->Commit());
  EXPECT_EQ(Get(Path("a")), "one two");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(AtomicFileTest, WithoutCommitNothingIsLeftAndTheOldFileStays) {
  std::ofstream(Path("a")) << "old";
  {
    auto file = AtomicFile::Create(Path("a"));
    ASSERT_TRUE(file);
    const AtomicFile moved = std::move(*file);  // the one that was moved from removes nothing
    EXPECT_EQ(Files(), 2u);
  }
  EXPECT_EQ(Get(Path("a")), "old");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(AtomicFileTest, AFolderThatIsAbsentIsNamed) {
  const auto file = AtomicFile::Create(Path("absent/a"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code(), StatusCode::kNotFound);
  EXPECT_NE(file.error().message().find("absent"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
