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

namespace tradewind {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "pictures:";
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

Result<std::vector<fs::path>> PicturesIn(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> pictures;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error) || !IsPicture(it->path())) continue;
    pictures.push_back(it->path());
    if (pictures.size() > kMostPictures)
      return Fail(StatusCode::kInvalidInput, folder + ": more than " + std::to_string(kMostPictures) + " pictures");
  }
  if (error) return Fail(StatusCode::kNotFound, folder + ": " + error.message());
  if (pictures.empty()) return Fail(StatusCode::kInvalidInput, folder + ": no picture (.jpg, .png, .bmp) lies in it or below");
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

// Labels in the order of the pictures; -1 where nothing says one.
Result<std::vector<int64_t>> LabelsOf(const std::vector<fs::path>& pictures, const std::string& folder, const ModelCard& card) {
  std::set<std::string> numbers;
  for (const fs::path& p : pictures) numbers.insert(WordNetOf(p));
  const bool by_number = !numbers.contains("") && numbers.size() == card.labels.size();
  std::vector<int64_t> labels;
  for (const fs::path& p : pictures) {
    if (by_number) {
      labels.push_back(std::distance(numbers.begin(), numbers.find(WordNetOf(p))));
      continue;
    }
    const std::string within = p.parent_path().filename().string();
    const auto found = std::find(card.labels.begin(), card.labels.end(), within);
    if (found == card.labels.end() && p.parent_path() != fs::path(folder) && !card.labels.empty()) {
      return Fail(StatusCode::kInvalidInput,
                  p.string() + ": the folder '" + within + "' is none of the labels of the card " + card.name + "; give another by --card");
    }
    labels.push_back(found == card.labels.end() ? -1 : found - card.labels.begin());
  }
  return labels;
}

std::string ContentId(const std::vector<PictureRef>& pictures) {
  std::string text;
  std::error_code ignored;
  for (const PictureRef& p : pictures) {
    text +=
        fs::path(p.path).filename().string() + "#" + std::to_string(p.label) + ":" + std::to_string(fs::file_size(p.path, ignored)) + "\n";
  }
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return "pictures:" + std::string(hex);
}

}  // namespace

std::string ToSampleId(const PictureRef& picture) {
  return picture.label < 0 ? picture.path : picture.path + "#" + std::to_string(picture.label);
}

PictureRef ParseSampleId(const std::string& id) {
  const size_t hash = id.rfind('#');
  if (hash == std::string::npos) return {.path = id};
  PictureRef picture{.path = id.substr(0, hash)};
  const auto [end, error] = std::from_chars(id.data() + hash + 1, id.data() + id.size(), picture.label);
  if (error != std::errc() || end != id.data() + id.size()) return {.path = id};
  return picture;
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
  TW_ASSIGN(const std::vector<fs::path> files, PicturesIn(folder));
  TW_ASSIGN(const std::vector<int64_t> labels, LabelsOf(files, folder, card));
  const size_t taken = count == 0 ? files.size() : std::min(count, files.size());
  std::vector<PictureRef> pictures;
  for (size_t i = 0; i < taken; ++i) {
    const size_t at = i * files.size() / taken;
    pictures.push_back({fs::absolute(files[at]).string(), labels[at]});
  }
  const bool judged = std::any_of(pictures.begin(), pictures.end(), [](const PictureRef& p) { return p.label >= 0; });
  Workload workload{.name = spec, .id = ContentId(pictures), .primary_metric = judged ? "top1" : "latency_ms", .quality = {}, .timing = {}};
  for (const PictureRef& p : pictures) workload.recalled.push_back({.id = ToSampleId(p), .prompt = {}});
  if (judged) workload.axes.push_back({"top1", Direction::kHigherIsBetter});
  workload.axes.push_back({"latency_ms", Direction::kLowerIsBetter});
  return workload;
}

}  // namespace tradewind
