// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/picture_set.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "formats/tar.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "pictures:";
constexpr std::string_view kTar = ".tar";
constexpr size_t kMostPictures = 1 << 20;
constexpr size_t kWordNetDigits = 8;

bool IsPicture(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".jpg" || ending == ".jpeg" || ending == ".JPEG" || ending == ".JPG" || ending == ".png" || ending == ".bmp";
}

// "n01440764" of a name that begins with such a number; empty for any other.
std::string WordNetOf(const fs::path& path) {
  const std::string name = path.stem().string();
  if (name.size() <= kWordNetDigits || name[0] != 'n') return "";
  const auto digits = name.substr(1, kWordNetDigits);
  const bool number = std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number ? name.substr(0, 1 + kWordNetDigits) : "";
}

// A picture of the set, and how it is called within the folder or archive.
struct FoundPicture {
  fs::path within;
  PictureRef picture;
};

Result<std::vector<FoundPicture>> PicturesInFolder(const std::string& folder) {
  std::error_code error;
  std::vector<FoundPicture> pictures;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error) || !IsPicture(it->path())) continue;
    pictures.push_back({it->path().lexically_relative(folder), {.path = fs::absolute(it->path()).string()}});
    if (pictures.size() > kMostPictures)
      return Fail(StatusCode::kInvalidInput, folder + ": more than " + std::to_string(kMostPictures) + " pictures");
  }
  if (error) return Fail(StatusCode::kNotFound, folder + ": " + error.message());
  return pictures;
}

Result<std::vector<FoundPicture>> PicturesInTar(const std::string& archive) {
  TW_ASSIGN(const MappedFile file, MappedFile::Open(archive));
  TW_ASSIGN(const std::vector<TarMember> members, IfWhole(file, ListTar(file.bytes(), archive)));
  std::vector<FoundPicture> pictures;
  for (const TarMember& member : members) {
    if (!IsPicture(member.name)) continue;
    pictures.push_back({member.name, {.path = fs::absolute(archive).string(), .offset = member.offset, .bytes = member.bytes}});
  }
  return pictures;
}

Result<std::vector<FoundPicture>> PicturesIn(const std::string& where) {
  TW_ASSIGN(std::vector<FoundPicture> pictures, where.ends_with(kTar) ? PicturesInTar(where) : PicturesInFolder(where));
  if (pictures.empty()) return Fail(StatusCode::kInvalidInput, where + ": no picture (.jpg, .png, .bmp) lies in it or below");
  std::sort(pictures.begin(), pictures.end(), [](const FoundPicture& x, const FoundPicture& y) { return x.within < y.within; });
  return pictures;
}

// Says what each picture shows, where something says so.
Result<void> SetLabels(std::vector<FoundPicture>& pictures, const std::string& where, const ModelCard& card) {
  std::set<std::string> numbers;
  for (const FoundPicture& p : pictures) numbers.insert(WordNetOf(p.within));
  const bool by_number = !numbers.contains("") && numbers.size() == card.labels.size();
  for (FoundPicture& p : pictures) {
    if (by_number) {
      p.picture.label = std::distance(numbers.begin(), numbers.find(WordNetOf(p.within)));
      continue;
    }
    const std::string folder = p.within.parent_path().filename().string();
    const auto found = std::find(card.labels.begin(), card.labels.end(), folder);
    if (found != card.labels.end()) p.picture.label = found - card.labels.begin();
    if (found == card.labels.end() && !folder.empty() && !card.labels.empty()) {
      return Fail(StatusCode::kInvalidInput, (fs::path(where) / p.within).string() + ": the folder '" + folder +
                                                 "' is none of the labels of the card " + card.name + "; give another by --card");
    }
  }
  return {};
}

std::string ContentId(const std::vector<FoundPicture>& pictures) {
  std::string text;
  std::error_code ignored;
  for (const auto& [within, picture] : pictures) {
    const uint64_t bytes = picture.bytes > 0 ? picture.bytes : fs::file_size(picture.path, ignored);
    text += within.filename().string() + "#" + std::to_string(picture.label) + ":" + std::to_string(bytes) + "\n";
  }
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return "pictures:" + std::string(hex);
}

// "pictures.tar@1024+733": a part of an archive. False, and nothing is changed, for what is no such thing.
bool SplitPart(PictureRef& picture) {
  const size_t at = picture.path.rfind('@');
  const std::string_view path = picture.path;
  if (at == std::string::npos || !path.substr(0, at).ends_with(kTar)) return false;
  uint64_t offset = 0, bytes = 0;
  const char* end = path.data() + path.size();
  const auto [plus, bad_offset] = std::from_chars(path.data() + at + 1, end, offset);
  if (bad_offset != std::errc() || plus == end || *plus != '+') return false;
  const auto [stop, bad_bytes] = std::from_chars(plus + 1, end, bytes);
  if (bad_bytes != std::errc() || stop != end) return false;
  picture = {.path = picture.path.substr(0, at), .label = picture.label, .offset = offset, .bytes = bytes};
  return true;
}

}  // namespace

std::string ToSampleId(const PictureRef& picture) {
  std::string id = picture.path;
  if (picture.bytes > 0) id += "@" + std::to_string(picture.offset) + "+" + std::to_string(picture.bytes);
  if (picture.label >= 0) id += "#" + std::to_string(picture.label);
  return id;
}

PictureRef ParseSampleId(const std::string& id) {
  PictureRef picture{.path = id};
  if (const size_t hash = id.rfind('#'); hash != std::string::npos) {
    const auto [end, error] = std::from_chars(id.data() + hash + 1, id.data() + id.size(), picture.label);
    if (error == std::errc() && end == id.data() + id.size())
      picture.path.resize(hash);
    else
      picture.label = -1;
  }
  SplitPart(picture);
  return picture;
}

Result<Image> ReadPicture(const PictureRef& picture) {
  if (picture.bytes == 0) return ReadImage(picture.path);
  TW_ASSIGN(const MappedFile file, MappedFile::Open(picture.path));
  const auto whole = file.bytes();
  const std::string name = picture.path + " at byte " + std::to_string(picture.offset);
  if (picture.offset > whole.size() || picture.bytes > whole.size() - picture.offset)
    return Fail(StatusCode::kInvalidInput, name + ": the archive has become shorter");
  return IfWhole(file, DecodeImage(whole.subspan(picture.offset, picture.bytes), name));
}

Result<PictureInputs> ReadInputs(const Workload& workload, const ModelCard& card, const GraphEdge& edge) {
  PictureInputs inputs;
  for (const Sample& sample : workload.recalled) {
    const PictureRef picture = ParseSampleId(sample.id);
    TW_ASSIGN(const Image image, ReadPicture(picture));
    TW_ASSIGN(Tensor tensor, PictureTensor(image, card.input, edge));
    inputs.tensors.push_back(std::move(tensor));
    inputs.labels.push_back(picture.label);
  }
  return inputs;
}

Result<Workload> LoadPictures(const std::string& spec, const ModelCard& card) {
  if (!spec.starts_with(kPrefix)) {
    return Fail(
        Status(StatusCode::kInvalidInput, "a net of pictures is measured on pictures:FOLDER, not on \"" + spec + "\"").At("--workload"));
  }
  std::string folder = spec.substr(kPrefix.size());
  size_t count = 0;
  if (const size_t comma = folder.rfind(','); comma != std::string::npos) {
    const auto [end, error] = std::from_chars(folder.data() + comma + 1, folder.data() + folder.size(), count);
    if (error != std::errc() || end != folder.data() + folder.size() || count == 0) {
      return Fail(Status(StatusCode::kInvalidInput, "\"" + folder.substr(comma + 1) + "\" is no count of pictures").At("--workload"));
    }
    folder.resize(comma);
  }
  TW_ASSIGN(std::vector<FoundPicture> all, PicturesIn(folder));
  if (card.task == "classify") TW_RETURN_IF_ERROR(SetLabels(all, folder, card));
  const size_t taken = count == 0 ? all.size() : std::min(count, all.size());
  std::vector<FoundPicture> pictures;
  for (size_t i = 0; i < taken; ++i) pictures.push_back(all[i * all.size() / taken]);
  const bool judged = std::any_of(pictures.begin(), pictures.end(), [](const FoundPicture& p) { return p.picture.label >= 0; });
  Workload workload{.name = spec, .id = ContentId(pictures), .primary_metric = judged ? "top1" : "latency_ms", .quality = {}, .timing = {}};
  for (const FoundPicture& p : pictures) workload.recalled.push_back({.id = ToSampleId(p.picture), .prompt = {}});
  if (judged) workload.axes.push_back({"top1", Direction::kHigherIsBetter});
  workload.axes.push_back({"latency_ms", Direction::kLowerIsBetter});
  return workload;
}

}  // namespace tradewind
