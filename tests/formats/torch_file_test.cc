// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// PyTorch's files: what they hold, and one lie a test. Tests pickle.cc and torch_parser.cc, too.
#include "formats/torch_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "formats/pickle.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

std::vector<std::byte> BytesOf(const std::string& text) {
  std::vector<std::byte> bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

// Opcodes of Python's pickles, protocol 2.
std::string Text(const std::string& text) {
  const auto length = static_cast<uint32_t>(text.size());
  std::string out = "X";
  out.append(reinterpret_cast<const char*>(&length), 4);
  return out + text;
}
std::string Number(int32_t value) {
  std::string out = "J";
  out.append(reinterpret_cast<const char*>(&value), 4);
  return out;
}
std::string Global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
std::string Tuple(const std::string& items) {
  return "(" + items + "t";
}
std::string Pickled(const std::string& opcodes) {
  return "\x80\x02" + opcodes + ".";
}

std::string Storage(const std::string& type, const std::string& key, int32_t elements) {
  return Tuple(Text("storage") + Global("torch", type + "Storage") + Text(key) + Text("cpu") + Number(elements) + "N") + "Q";
}
std::string TensorOf(const std::string& storage, int32_t first, const std::string& shape, const std::string& strides) {
  return Global("torch._utils", "_rebuild_tensor_v2") +
         Tuple(storage + Number(first) + Tuple(shape) + Tuple(strides) + "\x89" + Global("collections", "OrderedDict") + ")R") + "R";
}
std::string Dictionary(const std::string& entries) {
  return "}(" + entries + "u";
}

// A file of before PyTorch 1.6 around an object, with storages of floats 0, 1, 2, ...
std::string Legacy(const std::string& object, const std::vector<std::pair<std::string, int64_t>>& storages) {
  std::string file = Pickled(std::string("\x8a\x0a") + "0123456789") + Pickled(Number(1001)) + Pickled("}") + Pickled(object);
  std::string keys = "](";
  for (const auto& [key, count] : storages) keys += Text(key);
  file += Pickled(keys + "e");
  for (const auto& [key, count] : storages) {
    file.append(reinterpret_cast<const char*>(&count), 8);
    for (int64_t i = 0; i < count; ++i) {
      const auto value = static_cast<float>(i);
      file.append(reinterpret_cast<const char*>(&value), 4);
    }
  }
  return file;
}
const std::string kTwoByThree = TensorOf(Storage("Float", "k", 8), 2, Number(2) + Number(3), Number(3) + Number(1));

Result<TorchFile> ReadTorch(const std::string& file) {
  return TorchFile::FromBytes(BytesOf(file), "bad.pth");
}
void ExpectRefusedFile(const std::string& file, const std::string& where, const std::string& words,
                       StatusCode code = StatusCode::kInvalidInput) {
  const auto read = ReadTorch(file);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), code) << read.error().ToString();
  EXPECT_THAT(read.error().where(), HasSubstr(where)) << read.error().ToString();
  EXPECT_THAT(read.error().message(), HasSubstr(words));
  EXPECT_THAT(read.error().message(), testing::StartsWith("bad.pth: "));
}
void ExpectRefusedObject(const std::string& object, const std::string& where, const std::string& words,
                         StatusCode code = StatusCode::kInvalidInput) {
  ExpectRefusedFile(Legacy(object, {{"k", 8}}), where, words, code);
}

TEST(TorchFile, ReadsTheOldLayout) {
  const auto file = ReadTorch(Legacy(Dictionary(Text("epoch") + Number(3) + Text("state_dict") + Global("collections", "OrderedDict") +
                                                ")R(" + Text("conv.weight") + kTwoByThree + "u"),
                                     {{"k", 8}}));
  ASSERT_TRUE(file) << file.error().ToString();
  ASSERT_EQ(file->tensors().size(), 1u);
  const TorchTensor* tensor = file->Find("state_dict.conv.weight");
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(tensor->type, "Float");
  EXPECT_EQ(tensor->shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(*tensor->Floats(), (std::vector<float>{2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(file->Find("conv.weight"), nullptr);
}

TEST(TorchFile, ReadsParametersAndScalars) {
  const std::string parameter =
      Global("torch._utils", "_rebuild_parameter") + Tuple(kTwoByThree + "\x88" + Global("collections", "OrderedDict") + ")R") + "R";
  const std::string scalar = TensorOf(Storage("Float", "k", 8), 7, "", "");
  const auto file = ReadTorch(Legacy(Dictionary(Text("p") + parameter + Text("s") + scalar), {{"k", 8}}));
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->Find("p")->values(), 6);
  EXPECT_EQ(*file->Find("s")->Floats(), std::vector<float>{7});
}

// As channels that lie last: (2, 3) as three rows of two, and three dimensions of which one has a single value.
TEST(TorchFile, DimensionsInAnotherOrderArePutRowByRow) {
  const std::string turned = TensorOf(Storage("Float", "k", 8), 1, Number(2) + Number(3), Number(1) + Number(2));
  const std::string three =
      TensorOf(Storage("Float", "k", 8), 0, Number(2) + Number(1) + Number(2) + Number(2), Number(1) + Number(9) + Number(4) + Number(2));
  const auto file = ReadTorch(Legacy(Dictionary(Text("a") + turned + Text("b") + three), {{"k", 8}}));
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(*file->Find("a")->Floats(), (std::vector<float>{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(*file->Find("b")->Floats(), (std::vector<float>{0, 2, 4, 6, 1, 3, 5, 7}));
}

using Entries = std::vector<std::pair<std::string, std::string>>;
class ArchiveFile {
 public:
  explicit ArchiveFile(const Entries& entries, bool compress = false) {
    path_ = std::filesystem::path(testing::TempDir()) / ("torch_" + std::to_string(getpid()) + ".zip");
    std::filesystem::remove(path_);
    zip_t* zip = zip_open(path_.c_str(), ZIP_CREATE, nullptr);
    for (const auto& [name, data] : entries) {
      const zip_int64_t index = zip_file_add(zip, name.c_str(), zip_source_buffer(zip, data.data(), data.size(), 0), 0);
      zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    zip_close(zip);
  }
  ~ArchiveFile() { std::filesystem::remove(path_); }
  std::string Bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};
const std::string kEightFloats(32, '\0');

TEST(TorchFile, ReadsAnArchive) {
  const ArchiveFile archive(
      Entries{{"net/data.pkl", Pickled(Dictionary(Text("w") + kTwoByThree))}, {"net/data/k", kEightFloats}, {"net/version", "3"}});
  const auto file = ReadTorch(archive.Bytes());
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->Find("w")->shape, (std::vector<int64_t>{2, 3}));
}
TEST(TorchCorruption, AnArchiveWithoutAPickle) {
  ExpectRefusedFile(ArchiveFile(Entries{{"net/version", "3"}}).Bytes(), "archive", "no data.pkl");
}
TEST(TorchCorruption, AnArchiveWithoutAStorage) {
  ExpectRefusedFile(ArchiveFile(Entries{{"net/data.pkl", Pickled(Dictionary(Text("w") + kTwoByThree))}}).Bytes(), "data/k", "no entry");
}
TEST(TorchCorruption, AnArchiveWhoseStorageIsShort) {
  ExpectRefusedFile(
      ArchiveFile(Entries{{"net/data.pkl", Pickled(Dictionary(Text("w") + kTwoByThree))}, {"net/data/k", std::string(31, '\0')}}).Bytes(),
      "data/k", "31 bytes");
}
TEST(TorchCorruption, AnArchiveThatIsPacked) {
  const ArchiveFile archive(
      Entries{{"net/data.pkl", Pickled(Dictionary(Text("w") + kTwoByThree)) + std::string(2000, 'x')}, {"net/data/k", kEightFloats}}, true);
  ExpectRefusedFile(archive.Bytes(), "data.pkl", "compressed", StatusCode::kUnsupported);
}
TEST(TorchCorruption, AnArchiveCutShort) {
  const std::string whole =
      ArchiveFile(Entries{{"net/data.pkl", Pickled(Dictionary(Text("w") + kTwoByThree))}, {"net/data/k", kEightFloats}}).Bytes();
  for (size_t size = 4; size < whole.size(); ++size) EXPECT_FALSE(ReadTorch(whole.substr(0, size))) << size;
}

TEST(TorchCorruption, AnEmptyFile) {
  ExpectRefusedFile("", "pickle", "cut short");
}
TEST(TorchCorruption, ALegacyFileOfAnotherVersion) {
  ExpectRefusedFile(Pickled("N") + Pickled(Number(1002)), "version", "no file of PyTorch's");
}
TEST(TorchCorruption, ACallOfSomethingElse) {
  ExpectRefusedObject(Dictionary(Text("w") + Global("os", "system") + Tuple(Text("touch /tmp/owned")) + "R"), "\"w\"", "os system",
                      StatusCode::kUnsupported);
}
TEST(TorchCorruption, ACallAtTheRoot) {
  ExpectRefusedObject(Global("os", "system") + Tuple(Text("true")) + "R", "object", "no tensors");
}
TEST(TorchCorruption, AnObjectThatIsBuilt) {
  ExpectRefusedObject(Dictionary(Text("w") + Global("builtins", "eval") + ")\x81"), "pickle", "opcode 0x81", StatusCode::kUnsupported);
}
TEST(TorchCorruption, AnExtension) {
  ExpectRefusedObject("\x82\x01", "pickle", "opcode 0x82", StatusCode::kUnsupported);
}
TEST(TorchCorruption, AProtocolFromTheFuture) {
  ExpectRefusedFile("\x80\x05N.", "pickle", "protocol 5", StatusCode::kUnsupported);
}
TEST(TorchCorruption, AValueThatWasNeverThere) {
  ExpectRefusedObject("h\x07", "pickle", "value 7");
}
TEST(TorchCorruption, AStackWithNothingOnIt) {
  ExpectRefusedObject("R", "pickle", "where there is none");
}
TEST(TorchCorruption, AMarkThatIsNotThere) {
  ExpectRefusedObject("t", "pickle", "mark");
}
TEST(TorchCorruption, AKeyWithoutAValue) {
  ExpectRefusedObject("}(" + Text("w") + "u", "pickle", "without a value");
}
TEST(TorchCorruption, ATextLongerThanTheFile) {
  ExpectRefusedFile(std::string("\x80\x02X\xff\xff\xff\x7f", 7), "pickle", "cut short");
}
TEST(TorchCorruption, ALineWithoutAnEnd) {
  ExpectRefusedFile(
      "\x80\x02"
      "cos",
      "pickle", "no end");
}
TEST(TorchCorruption, MillionsOfMarks) {
  ExpectRefusedFile("\x80\x02" + std::string(3'000'000, '('), "pickle", "too many marks");
}
TEST(TorchCorruption, MillionsOfValues) {
  ExpectRefusedFile("\x80\x02" + std::string(3'000'000, 'N'), "pickle", "more than");
}
TEST(TorchCorruption, AListThatGrowsByItself) {
  std::string opcodes = "]q";
  opcodes += '\0';
  opcodes += "(" + std::string(2'000, 'N');  // some values, and the list itself again and again
  for (int i = 0; i < 3000; ++i) opcodes += std::string("h\0", 2);
  opcodes += "e";
  std::string file = "\x80\x02";
  for (int i = 0; i < 1000; ++i) file += opcodes;
  ExpectRefusedFile(file, "pickle", "more than");
}
// A dictionary that contains itself, twice: as deep as one likes.
TEST(TorchCorruption, ADictionaryInsideItself) {
  const std::string object = std::string("}q\0", 3) + "(" + Text("a") + std::string("h\0", 2) + Text("b") + std::string("h\0", 2) + "u";
  ExpectRefusedObject(object, "", "");
}
TEST(TorchCorruption, NoTensors) {
  ExpectRefusedObject(Dictionary(Text("epoch") + Number(3)), "object", "no tensors");
}
TEST(TorchCorruption, ATensorBeyondItsStorage) {
  ExpectRefusedObject(Dictionary(Text("w") + TensorOf(Storage("Float", "k", 8), 3, Number(2) + Number(3), Number(3) + Number(1))), "\"w\"",
                      "beyond its storage");
}
TEST(TorchCorruption, ATensorWithGapsOrOverlaps) {
  for (const auto& [rows, columns] : {std::pair(1, 1), {1, 3}, {0, 1}, {4, 1}}) {
    ExpectRefusedObject(
        Dictionary(Text("w") + TensorOf(Storage("Float", "k", 8), 0, Number(2) + Number(3), Number(rows) + Number(columns))), "\"w\"",
        "contiguous", StatusCode::kUnsupported);
  }
}
// Each copy is of all the file has; there could be thousands.
TEST(TorchCorruption, CopiesAreNotLargerThanTheFile) {
  std::string entries;
  for (int i = 0; i < 200; ++i)
    entries +=
        Text("w" + std::to_string(i)) + TensorOf(Storage("Float", "k", 40'000), 0, Number(2) + Number(20'000), Number(1) + Number(2));
  ExpectRefusedFile(Legacy(Dictionary(entries), {{"k", 40'000}}), "\"w", "larger than the file");
}
TEST(TorchCorruption, AShapeWithoutStrides) {
  ExpectRefusedObject(Dictionary(Text("w") + TensorOf(Storage("Float", "k", 8), 0, Number(2) + Number(3), Number(1))), "\"w\"", "strides");
}
TEST(TorchCorruption, ANegativeSide) {
  ExpectRefusedObject(Dictionary(Text("w") + TensorOf(Storage("Float", "k", 8), 0, Number(-2), Number(1))), "\"w\"", "from 0 up");
}
TEST(TorchCorruption, ANegativePlace) {
  ExpectRefusedObject(Dictionary(Text("w") + TensorOf(Storage("Float", "k", 8), -1, Number(2), Number(1))), "\"w\"", "not described");
}
TEST(TorchCorruption, AStorageOfAnUnknownType) {
  ExpectRefusedObject(Dictionary(Text("w") + TensorOf(Storage("QInt8", "k", 8), 0, Number(2), Number(1))), "\"w\"", "QInt8",
                      StatusCode::kUnsupported);
}
TEST(TorchCorruption, AStorageOfANegativeSize) {
  ExpectRefusedObject(Dictionary(Text("w") + TensorOf(Storage("Float", "k", -8), 0, Number(2), Number(1))), "\"w\"", "over the limit");
}
TEST(TorchCorruption, AStorageDescribedTwice) {
  const std::string other = TensorOf(Storage("Float", "k", 9), 0, Number(2), Number(1));
  ExpectRefusedObject(Dictionary(Text("a") + kTwoByThree + Text("b") + other), "\"b\"", "twice");
}
TEST(TorchCorruption, AStorageOfAnotherSizeThanItsData) {
  ExpectRefusedFile(Legacy(Dictionary(Text("w") + kTwoByThree), {{"k", 9}}), "storage \"k\"", "9 elements");
}
TEST(TorchCorruption, AStorageThatTheObjectDoesNotKnow) {
  ExpectRefusedFile(Legacy(Dictionary(Text("w") + kTwoByThree), {{"k", 8}, {"z", 1}}), "storage \"z\"", "knows nothing");
}
TEST(TorchCorruption, AStorageThatIsMissing) {
  ExpectRefusedFile(Legacy(Dictionary(Text("w") + kTwoByThree), {}), "\"w\"", "beyond its storage");
}

TEST(TorchCorruption, EveryCutOfALegacyFile) {
  const std::string whole = Legacy(Dictionary(Text("w") + kTwoByThree), {{"k", 8}});
  ASSERT_TRUE(ReadTorch(whole));
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(ReadTorch(whole.substr(0, size))) << size;
}

TEST(Pickle, ReadsValuesOfEveryKind) {
  const std::string pickled = Pickled("(N\x88\x89" + Number(-5) + "K\xff" + std::string("M\x01\x02", 3) +
                                      std::string("\x8a\x02\x00\xff", 4) + std::string("G\xbf\xf8\0\0\0\0\0\0", 9) + Text("t") +
                                      "](K\x01"
                                      "e" +
                                      "t");
  const std::vector<std::byte> bytes = BytesOf(pickled);
  const auto pickle = Pickle::Read(bytes, 0, "p");
  ASSERT_TRUE(pickle) << pickle.error().ToString();
  EXPECT_EQ(pickle->size_bytes(), bytes.size());
  const auto item = [&](size_t i) -> const PickleValue& { return pickle->value(pickle->root().items.at(i)); };
  ASSERT_EQ(pickle->root().items.size(), 10u);
  EXPECT_EQ(item(0).kind, PickleKind::kNone);
  EXPECT_EQ(item(1).integer, 1);
  EXPECT_EQ(item(2).integer, 0);
  EXPECT_EQ(item(3).integer, -5);
  EXPECT_EQ(item(4).integer, 255);
  EXPECT_EQ(item(5).integer, 513);
  EXPECT_EQ(item(6).integer, -256);
  EXPECT_EQ(item(7).real, -1.5);
  EXPECT_EQ(item(8).text, "t");
  EXPECT_EQ(pickle->value(item(9).items.at(0)).integer, 1);
}

TEST(TorchFile, ReadsRealFiles) {
  TW_REQUIRE_DATA(legacy, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  const auto resnet = TorchFile::Open(legacy);
  ASSERT_TRUE(resnet) << resnet.error().ToString();
  EXPECT_EQ(resnet->tensors().size(), 97u);
  EXPECT_EQ(resnet->Find("state_dict.module.layer1.0.conv1.weight")->shape, (std::vector<int64_t>{16, 16, 3, 3}));
  TW_REQUIRE_DATA(archive, SharedPath("assets/vision/FastestDet/module/shufflenetv2.pth"));
  const auto shufflenet = TorchFile::Open(archive);
  ASSERT_TRUE(shufflenet) << shufflenet.error().ToString();
  EXPECT_EQ(shufflenet->tensors().size(), 330u);
}

}  // namespace
}  // namespace tradewind
