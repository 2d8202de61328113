// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What was made is not made again, and what could not be made is not there.
#include "store/artefact_cache.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tradewind {
namespace {

namespace fs = std::filesystem;

// Writes its setting into a file and counts how often it was asked.
class Scribe final : public Maker {
 public:
  std::string_view name() const override { return "scribe"; }
  std::span<const Knob> knobs() const override { return knobs_; }
  std::string_view suffix() const override { return ".txt"; }
  Result<Artefact> Make(std::span<const Artefact> inputs, const Setting& setting, const std::string& path) override {
    ++made;
    if (fails) return Fail(StatusCode::kIo, "out of ink");
    std::ofstream(path) << setting.Text();
    return Artefact{.kind = "text",
                    .path = path,
                    .size_bytes = fs::file_size(path),
                    .maker = "scribe",
                    .setting = setting,
                    .inputs = {inputs[0].sha256}};
  }
  int made = 0;
  bool fails = false;

 private:
  std::vector<Knob> knobs_ = {
      {.name = "word", .stage = Stage::kBuild, .domain = TextDomain{"a word"}, .default_value = std::string("none")}};
};

class ArtefactCacheTest : public testing::Test {
 protected:
  ArtefactCacheTest() {
    std::string pattern = (fs::temp_directory_path() / "tradewind_artefacts_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~ArtefactCacheTest() override { fs::remove_all(folder_); }
  static Setting Word(const std::string& word) {
    Setting setting;
    setting.Set("word", word);
    return setting;
  }
  std::string folder_;
  Scribe scribe_;
  const Artefact input_{.kind = "text", .path = "in", .sha256 = std::string(64, 'a')};
  const Artefact other_{.kind = "text", .path = "in", .sha256 = std::string(64, 'b')};
};

TEST_F(ArtefactCacheTest, EachIsMadeOnce) {
  const ArtefactCache cache(folder_ + "/deep/artefacts");
  EXPECT_FALSE(cache.Has(scribe_, {&input_, 1}, Word("x")));
  const auto first = cache.Get(scribe_, {&input_, 1}, Word("x"));
  ASSERT_TRUE(first) << first.error().ToString();
  const auto again = cache.Get(scribe_, {&input_, 1}, Word("x"));
  ASSERT_TRUE(again);
  EXPECT_EQ(scribe_.made, 1);
  EXPECT_EQ(again->path, first->path);
  EXPECT_EQ(again->size_bytes, first->size_bytes);
  EXPECT_EQ(again->setting, first->setting);
  EXPECT_EQ(again->inputs, first->inputs);
  EXPECT_EQ(again->kind, "text");
  EXPECT_TRUE(fs::path(first->path).filename().string().ends_with("scribe-word=x.txt")) << first->path;
}

TEST_F(ArtefactCacheTest, AnotherInputOrSettingIsAnotherFile) {
  const ArtefactCache cache(folder_);
  const std::string path = cache.PathOf(scribe_, {&input_, 1}, Word("x"));
  EXPECT_NE(path, cache.PathOf(scribe_, {&other_, 1}, Word("x")));
  EXPECT_NE(path, cache.PathOf(scribe_, {&input_, 1}, Word("y")));
  EXPECT_EQ(cache.PathOf(scribe_, {&input_, 1}, Word("none")), cache.PathOf(scribe_, {&input_, 1}, {})) << "a default";
  const fs::path odd = cache.PathOf(scribe_, {&input_, 1}, Word("../../etc/x y"));
  EXPECT_EQ(odd.parent_path(), folder_);
}

TEST_F(ArtefactCacheTest, WhatFailsIsNotKept) {
  const ArtefactCache cache(folder_);
  scribe_.fails = true;
  EXPECT_EQ(cache.Get(scribe_, {&input_, 1}, Word("x")).error().message(), "out of ink");
  scribe_.fails = false;
  EXPECT_TRUE(cache.Get(scribe_, {&input_, 1}, Word("x")));
  EXPECT_EQ(scribe_.made, 2);
  std::ofstream(folder_ + "/file") << "x";
  const auto blocked = ArtefactCache(folder_ + "/file").Get(scribe_, {&input_, 1}, Word("x"));
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().code(), StatusCode::kIo);
}

}  // namespace
}  // namespace tradewind
