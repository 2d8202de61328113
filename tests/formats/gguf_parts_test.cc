// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Models split over several files: what opens, and what each lie about the parts is answered by.
#include "formats/gguf_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>

#include "base/file.h"
#include "formats/gguf_writer.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// What a part's file says; a test changes one field.
struct PartFile {
  uint16_t number = 0;
  uint16_t count = 3;
  int32_t tensors = 4;
  std::vector<std::string> names;
};

class GgufPartsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/tradewind_parts_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    // Part 1 (of 0, 1, 2) has two tensors.
    parts_ = {{0, 3, 4, {"a"}}, {1, 3, 4, {"b", "c"}}, {2, 3, 4, {"d"}}};
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(int part) const { return folder_ + "/m-0000" + std::to_string(part + 1) + "-of-00003.gguf"; }

  // Each tensor holds 32 bytes of its name's letter.
  static std::string Contents(const PartFile& part) {
    GgufWriter writer;
    if (part.number == 0) writer.Add("general.architecture", std::string("llama"));
    writer.Add("split.no", part.number);
    writer.Add("split.count", part.count);
    writer.Add("split.tensors.count", part.tensors);
    std::map<std::string, std::vector<std::byte>> data;
    for (const std::string& name : part.names) {
      data[name].assign(32, static_cast<std::byte>(name[0]));
      writer.AddTensor(name, TensorType::kF32, {8}, data[name]);
    }
    const auto bytes = writer.Bytes();
    EXPECT_TRUE(bytes);
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }
  void WriteAll() const {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(WriteFileAtomically(Path(i), Contents(parts_[static_cast<size_t>(i)])));
  }
  // Opening the first part fails, in the file of `part`, at `where`, with `words`.
  void ExpectRefusedAt(int part, StatusCode code, std::string_view where, std::string_view words) const {
    WriteAll();
    ExpectRefused(Path(0), part, code, where, words);
  }
  void ExpectRefused(const std::string& path, int part, StatusCode code, std::string_view where, std::string_view words) const {
    const auto file = Gguf::Open(path);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code(), code) << file.error().ToString();
    EXPECT_EQ(file.error().where(), where);
    EXPECT_THAT(file.error().message(), testing::StartsWith(Path(part) + ": "));
    EXPECT_THAT(file.error().message(), HasSubstr(std::string(words)));
    EXPECT_THAT(file.error().message(), HasSubstr("; ")) << "no remedy";
  }

  std::string folder_;
  std::vector<PartFile> parts_;
};

TEST_F(GgufPartsTest, OpeningTheFirstOpensAll) {
  WriteAll();
  const auto file = Gguf::Open(Path(0));
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->source(), Path(0));
  EXPECT_EQ(file->metadata().String("general.architecture"), "llama");
  ASSERT_EQ(file->tensors().size(), 4u);
  const uint32_t part_of[] = {0, 1, 1, 2};
  for (size_t i = 0; i < 4; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    const GgufTensor* tensor = file->FindTensor(name);
    ASSERT_EQ(tensor, &file->tensors()[i]) << name;
    EXPECT_EQ(tensor->part, part_of[i]);
    EXPECT_EQ(std::vector<std::byte>(tensor->data.begin(), tensor->data.end()), std::vector<std::byte>(32, std::byte(name[0])));
    file->Release(*tensor, tensor->data);
    EXPECT_EQ(tensor->data[0], std::byte(name[0]));
  }
}

TEST_F(GgufPartsTest, TensorsStayWhereTheyAreWhenItMoves) {
  WriteAll();
  auto file = Gguf::Open(Path(0));
  ASSERT_TRUE(file);
  const Gguf moved = std::move(*file);
  ASSERT_NE(moved.FindTensor("d"), nullptr);
  EXPECT_EQ(moved.FindTensor("d")->data[31], std::byte('d'));
}

TEST_F(GgufPartsTest, AFirstPartMayHoldKeysAlone) {
  parts_[0].names.clear();
  for (PartFile& part : parts_) part.tensors = 3;
  WriteAll();
  const auto file = Gguf::Open(Path(0));
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->tensors().size(), 3u);
}

TEST_F(GgufPartsTest, OnePartNeedsNoOther) {
  parts_[0] = {0, 1, 1, {"a"}};
  WriteAll();
  std::filesystem::remove(Path(1));
  const auto file = Gguf::Open(Path(0));
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->tensors().size(), 1u);
}

TEST_F(GgufPartsTest, AnotherPartByItselfIsRefusedWithTheFirstsName) {
  WriteAll();
  ExpectRefused(Path(2), 2, StatusCode::kInvalidInput, "key \"split.no\"", "this is part 3 of 3; open the first, " + Path(0));
}

TEST_F(GgufPartsTest, AMissingPartIsNamed) {
  WriteAll();
  std::filesystem::remove(Path(1));
  ExpectRefused(Path(0), 0, StatusCode::kNotFound, "", "part 2 of 3 is missing: cannot open '" + Path(1));
}

TEST_F(GgufPartsTest, ANameThatLeadsToNoOtherIsRefused) {
  WriteAll();
  const std::string other = folder_ + "/m.gguf";
  std::filesystem::rename(Path(0), other);
  const auto file = Gguf::Open(other);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(file.error().message(), HasSubstr("must end in -00001-of-00003.gguf"));
}

TEST_F(GgufPartsTest, AnotherCount) {
  parts_[1].count = 4;
  ExpectRefusedAt(1, StatusCode::kInvalidInput, "key \"split.count\"", "4 where " + Path(0) + " makes it 3");
}

TEST_F(GgufPartsTest, AnotherNumber) {
  parts_[1].number = 2;
  ExpectRefusedAt(1, StatusCode::kInvalidInput, "key \"split.no\"", "2 where " + Path(0) + " makes it 1");
}

TEST_F(GgufPartsTest, APartOfAnotherModel) {
  parts_[2].tensors = 5;
  ExpectRefusedAt(2, StatusCode::kInvalidInput, "key \"split.tensors.count\"", "5 where " + Path(0) + " makes it 4");
}

TEST_F(GgufPartsTest, ANumberBeyondTheCount) {
  parts_[0].number = 3;
  ExpectRefusedAt(0, StatusCode::kInvalidInput, "key \"split.no\"", "3 is no number of one of 3 parts");
}

TEST_F(GgufPartsTest, TooManyParts) {
  parts_[0].count = 1025;
  ExpectRefusedAt(0, StatusCode::kInvalidInput, "key \"split.count\"", "over the limit of 1024");
}

TEST_F(GgufPartsTest, TensorsThatAreMissingOrTooMany) {
  parts_[1].names = {"b"};
  ExpectRefusedAt(0, StatusCode::kInvalidInput, "key \"split.tensors.count\"", "have 3 tensors, not 4");
}

TEST_F(GgufPartsTest, ATensorInTwoParts) {
  parts_[2].names = {"b"};
  ExpectRefusedAt(2, StatusCode::kInvalidInput, "tensor \"b\"", "in part 2 already");
}

TEST_F(GgufPartsTest, ADamagedPartIsNamed) {
  WriteAll();
  const std::string contents = Contents(parts_[1]);
  ASSERT_TRUE(WriteFileAtomically(Path(1), contents.substr(0, contents.size() - 32)));
  const auto file = Gguf::Open(Path(0));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message(), testing::StartsWith(Path(1) + ": "));
}

// Bytes in memory have no neighbours: the part is read alone.
TEST_F(GgufPartsTest, BytesInMemoryAreOnePart) {
  const std::string contents = Contents(parts_[1]);
  const auto bytes = std::as_bytes(std::span(contents));
  const auto file = Gguf::FromBytes({bytes.begin(), bytes.end()}, "part");
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->tensors().size(), 2u);
  EXPECT_EQ(PartOf(*file)->number, 1u);
}

}  // namespace
}  // namespace tradewind
