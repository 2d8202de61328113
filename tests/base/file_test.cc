// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

namespace tradewind {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = (fs::temp_directory_path() / "tradewind-file-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~FileTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string Put(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  static std::string Get(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  size_t FilesInFolder() const { return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }
  std::string folder_;
};

std::string_view View(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST_F(FileTest, MapsAFile) {
  const std::string path = Put("a", std::string("hello\0world", 11));
  auto file = MappedFile::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(View(*file), std::string_view("hello\0world", 11));
  EXPECT_EQ(file->path(), path);
}

TEST_F(FileTest, MapsAnEmptyFileAsAnEmptySpan) {
  auto file = MappedFile::Open(Put("empty", ""));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes().empty());
  file->Release(file->bytes());
}

TEST_F(FileTest, MovedMappingStaysValid) {
  auto first = MappedFile::Open(Put("a", "first"));
  auto second = MappedFile::Open(Put("b", "second"));
  ASSERT_TRUE(first && second);
  MappedFile moved = std::move(*first);
  EXPECT_EQ(View(moved), "first");
  EXPECT_TRUE(first->bytes().empty());
  moved = std::move(*second);
  EXPECT_EQ(View(moved), "second");
}

TEST_F(FileTest, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(MappedFile::Open(Path("absent")).error().code(), StatusCode::kNotFound);
  EXPECT_THAT(MappedFile::Open(Path("absent")).error().message(), HasSubstr(Path("absent")));
  EXPECT_EQ(MappedFile::Open(folder_).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(MappedFile::Open("/dev/null").error().code(), StatusCode::kInvalidInput);
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(MappedFile::Open(Path("pipe")).error().code(), StatusCode::kInvalidInput);  // and does not wait for a writer
}

// mincore tells of the page cache, not of this process; the kernel's smaps is the oracle for what counts as resident.
uint64_t ResidentKilobytes(const void* address) {
  std::ifstream smaps("/proc/self/smaps");
  std::string line;
  bool here = false;
  while (std::getline(smaps, line)) {
    unsigned long begin = 0, end = 0, kb = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) here = reinterpret_cast<uintptr_t>(address) == begin;
    if (here && std::sscanf(line.c_str(), "Rss: %lu kB", &kb) == 1) return kb;
  }
  return 0;
}

TEST_F(FileTest, ReleaseDropsWholePagesInsideAndKeepsTheContents) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  std::string text(page * 64 + 100, ' ');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7 + i / page);
  auto file = MappedFile::Open(Put("big", text));
  ASSERT_TRUE(file);
  const auto bytes = file->bytes();
  madvise(const_cast<std::byte*>(bytes.data()), bytes.size(), MADV_POPULATE_READ);
  ASSERT_EQ(View(*file), text);
  const uint64_t full = ResidentKilobytes(bytes.data());
  ASSERT_EQ(full, 65 * page / 1024);
  file->Release(bytes.subspan(1, page - 1));  // no whole page
  EXPECT_EQ(ResidentKilobytes(bytes.data()), full);
  file->Release(bytes.subspan(page - 1, 2 * page + 1));  // pages 1 and 2, and one byte of page 0
  EXPECT_EQ(ResidentKilobytes(bytes.data()), full - 2 * page / 1024);
  file->Release(bytes);
  EXPECT_EQ(ResidentKilobytes(bytes.data()), 0u);
  EXPECT_EQ(View(*file), text);
}

TEST_F(FileTest, ReadsUpToTheLimitAndNotBeyond) {
  const std::string text(100000, 'x');
  const std::string path = Put("a", text);
  EXPECT_EQ(ReadFile(path, 100000).value_or(""), text);
  EXPECT_EQ(ReadFile(path, UINT64_MAX).value_or(""), text);
  const auto over = ReadFile(path, 99999);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(over.error().message(), HasSubstr("99999"));
  EXPECT_EQ(ReadFile(Put("empty", ""), 0).value_or("?"), "");
  EXPECT_FALSE(ReadFile(Put("one", "1"), 0));
}

TEST_F(FileTest, ReadErrorsHaveTheirCodes) {
  EXPECT_EQ(ReadFile(Path("absent"), 10).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(ReadFile(folder_, 10).error().code(), StatusCode::kInvalidInput);
}

TEST_F(FileTest, ReadsFilesWithoutASize) {
  const auto status = ReadFile("/proc/self/status", 1 << 20);
  ASSERT_TRUE(status);
  EXPECT_THAT(*status, HasSubstr("VmHWM"));
  EXPECT_EQ(ReadFile("/dev/zero", 1000).error().code(), StatusCode::kInvalidInput);  // endless: the limit must end it
}

// Standard input is replaced by a pipe for the length of a test.
class StandardInput {
 public:
  explicit StandardInput(std::string text) : saved_(dup(STDIN_FILENO)) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    writer_ = std::thread([fd = ends[1], text = std::move(text)] {
      for (size_t at = 0; at < text.size();) {
        const ssize_t wrote = write(fd, text.data() + at, std::min<size_t>(text.size() - at, 1000));
        if (wrote <= 0) break;
        at += static_cast<size_t>(wrote);
      }
      close(fd);
    });
  }
  ~StandardInput() {
    char rest[4096];
    while (read(STDIN_FILENO, rest, sizeof rest) > 0) continue;
    writer_.join();
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }

 private:
  int saved_;
  std::thread writer_;
};

TEST_F(FileTest, DashIsStandardInput) {
  const std::string text(300000, 'y');
  {
    const StandardInput input(text);
    EXPECT_EQ(ReadFile("-", 300000).value_or(""), text);
    EXPECT_EQ(ReadFile("-", 10).value_or("?"), "");  // still open, at its end
  }
  const StandardInput input(text);
  const auto over = ReadFile("-", 299999);
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().message(), HasSubstr("standard input"));
}

TEST_F(FileTest, WritesANewFileAndLeavesNothingElse) {
  const mode_t before = umask(022);
  const std::string text = std::string("a\0b", 3) + std::string(100000, 'z');
  ASSERT_TRUE(WriteFileAtomically(Path("new"), text));
  umask(before);
  EXPECT_EQ(Get(Path("new")), text);
  EXPECT_EQ(FilesInFolder(), 1u);
  EXPECT_EQ(fs::status(Path("new")).permissions(), static_cast<fs::perms>(0644));
  ASSERT_TRUE(WriteFileAtomically(Path("new"), ""));
  EXPECT_EQ(Get(Path("new")), "");
}

TEST_F(FileTest, ReplacesAFileInOneStepAndKeepsItsMode) {
  Put("a", "old");
  fs::permissions(Path("a"), static_cast<fs::perms>(0640));
  std::ifstream reader(Path("a"));  // whoever has the old file open goes on reading the old one
  ASSERT_TRUE(WriteFileAtomically(Path("a"), "new"));
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "old");
  EXPECT_EQ(Get(Path("a")), "new");
  EXPECT_EQ(fs::status(Path("a")).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(FileTest, ASymbolicLinkStaysOne) {
  Put("a", "old");
  fs::create_symlink("a", Path("link"));
  ASSERT_TRUE(WriteFileAtomically(Path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(Get(Path("a")), "new");
}

TEST_F(FileTest, AFailedWriteLeavesTheOldFileAndNoTemporary) {
  EXPECT_EQ(WriteFileAtomically(Path("absent/a"), "x").error().code(), StatusCode::kNotFound);
  fs::create_directory(Path("folder"));
  EXPECT_FALSE(WriteFileAtomically(Path("folder"), "x"));  // a folder cannot be replaced by a file
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST_F(FileTest, WritersAtOnceLeaveOneWholeFile) {
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      for (int k = 0; k < 5; ++k) EXPECT_TRUE(WriteFileAtomically(Path("a"), std::string(5000, static_cast<char>('a' + i))));
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string text = Get(Path("a"));
  ASSERT_EQ(text.size(), 5000u);
  EXPECT_EQ(text, std::string(5000, text[0]));
  EXPECT_EQ(FilesInFolder(), 1u);
}

// Sets a variable, or with nullopt removes it, for the length of a test.
class Environment {
 public:
  Environment(const char* name, std::optional<std::string> value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    Set(value);
  }
  ~Environment() { Set(old_); }

 private:
  void Set(const std::optional<std::string>& value) const { value ? setenv(name_, value->c_str(), 1) : unsetenv(name_); }
  const char* name_;
  std::optional<std::string> old_;
};

TEST(Places, FollowTheXdgRules) {
  const Environment home("HOME", "/home/someone");
  {
    const Environment cache("XDG_CACHE_HOME", std::nullopt), data("XDG_DATA_HOME", std::nullopt), store("TRADEWIND_STORE", std::nullopt);
    EXPECT_EQ(CacheDir(), "/home/someone/.cache/tradewind");
    EXPECT_EQ(StorePath(), "/home/someone/.local/share/tradewind/profile.db");
  }
  const Environment cache("XDG_CACHE_HOME", "/c"), data("XDG_DATA_HOME", "/d"), store("TRADEWIND_STORE", "");
  EXPECT_EQ(CacheDir(), "/c/tradewind");
  EXPECT_EQ(StorePath(), "/d/tradewind/profile.db");
  const Environment named("TRADEWIND_STORE", "here.db"), relative("XDG_CACHE_HOME", "relative");
  EXPECT_EQ(StorePath(), "here.db");
  EXPECT_EQ(CacheDir(), "/home/someone/.cache/tradewind");
}

}  // namespace
}  // namespace tradewind
