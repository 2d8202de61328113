// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/model_card.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <utility>

#include "base/file.h"
#include "formats/yaml_fields.h"

namespace tradewind {

std::span<const std::pair<std::string_view, std::string_view>> EmbeddedCards();   // generated; ascending
std::span<const std::pair<std::string_view, std::string_view>> EmbeddedLabels();  // likewise

namespace {

constexpr size_t kCardBytes = 1 << 20;

// Whether `text` is what `pattern` says, in which '*' stands for anything.
bool Matches(std::string_view pattern, std::string_view text) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  for (size_t i = star; i <= text.size(); ++i) {
    if (Matches(pattern.substr(star + 1), text.substr(i))) return true;
  }
  return false;
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

// A list of names, or the name of one that is built in.
Result<std::vector<std::string>> ReadLabels(const Fields& fields) {
  TW_ASSIGN(std::vector<std::string> labels, fields.Texts("labels"));
  if (!fields.Has("labels") || !fields.Get("labels").IsScalar()) return labels;
  std::string known;
  for (const auto& [name, text] : EmbeddedLabels()) {
    if (name == labels[0]) return LinesOf(text);
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return fields.Fails("labels", "'" + labels[0] + "' is no list of labels; there are " + known + ", or name them one by one");
}

// One number, or one for each of red, green and blue.
Result<std::array<float, 3>> ReadColors(const Fields& fields, const std::string& field, float fallback) {
  TW_ASSIGN(const std::vector<std::string> texts, fields.Texts(field));
  std::array<float, 3> out = {fallback, fallback, fallback};
  if (texts.empty()) return out;
  if (texts.size() != 1 && texts.size() != 3) return fields.Fails(field, "one number, or three for red, green and blue");
  for (size_t i = 0; i < 3; ++i) {
    const std::string& text = texts[texts.size() == 1 ? 0 : i];
    char* end = nullptr;
    out[i] = std::strtof(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(out[i])) return fields.Fails(field, "'" + text + "' is no number");
  }
  return out;
}

Result<PictureInput> ReadInput(const Fields& card, const std::string& origin) {
  PictureInput input;
  if (!card.Has("input")) return input;
  TW_ASSIGN(const Fields fields, Fields::Of(card.Get("input"), "the input", origin, {"fit", "crop_share", "colors", "mean", "deviation"}));
  TW_ASSIGN(const size_t fit, fields.WordOr("fit", {"stretch", "crop"}, 0));
  TW_ASSIGN(const size_t colors, fields.WordOr("colors", {"rgb", "bgr"}, 0));
  input.crop = fit == 1;
  input.blue_first = colors == 1;
  TW_ASSIGN(input.crop_share, fields.NumberOr("crop_share", 1));
  if (!(input.crop_share > 0 && input.crop_share <= 1))
    return fields.Fails("crop_share", "a share of the shorter side is above 0 and at most 1");
  TW_ASSIGN(input.mean, ReadColors(fields, "mean", 0));
  TW_ASSIGN(input.deviation, ReadColors(fields, "deviation", 1));
  for (const float d : input.deviation) {
    if (d == 0) return fields.Fails("deviation", "numbers are divided by it, so it is not 0");
  }
  return input;
}

// "nose left_eye".
Result<std::vector<std::pair<int64_t, int64_t>>> ReadLimbs(const Fields& fields, const std::vector<std::string>& labels) {
  TW_ASSIGN(const std::vector<std::string> texts, fields.Texts("limbs"));
  std::vector<std::pair<int64_t, int64_t>> limbs;
  for (const std::string& text : texts) {
    const size_t space = text.find(' ');
    const auto from = std::find(labels.begin(), labels.end(), text.substr(0, space));
    const auto to = std::find(labels.begin(), labels.end(), space == std::string::npos ? "" : text.substr(space + 1));
    if (from == labels.end() || to == labels.end())
      return fields.Fails("limbs", "'" + text + "' is not two labels with a space between them");
    limbs.emplace_back(from - labels.begin(), to - labels.begin());
  }
  return limbs;
}

// "0.5 mobilenet_v1_0.5_160_quant.tflite".
Result<std::vector<NetVariant>> ReadVariants(const Fields& fields) {
  TW_ASSIGN(const std::vector<std::string> texts, fields.Texts("variants"));
  std::vector<NetVariant> variants;
  double last = 0;
  for (const std::string& text : texts) {
    const size_t space = text.find(' ');
    char* end = nullptr;
    const double width = std::strtod(text.c_str(), &end);
    const std::string file = space == std::string::npos ? "" : text.substr(space + 1);
    if (end != text.c_str() + std::min(space, text.size()) || !(width > last) || file.empty() || file.find('/') != std::string::npos)
      return fields.Fails("variants",
                          "'" + text + "' is not a width above the one before, a space, and the name of a file beside this one");
    last = width;
    variants.push_back({.width = text.substr(0, space), .file = file});
  }
  return variants;
}

Result<ModelCard> Build(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a card", origin,
                                            {"name", "files", "task", "input", "labels", "first_label", "least_score", "most_overlap",
                                             "probabilities", "limbs", "variants", "source", "license"}));
  ModelCard card;
  TW_ASSIGN(card.name, fields.Line("name"));
  TW_ASSIGN(card.files, fields.Texts("files"));
  TW_ASSIGN(card.task, fields.TextOr("task", card.task));
  TW_ASSIGN(card.input, ReadInput(fields, origin));
  TW_ASSIGN(card.labels, ReadLabels(fields));
  TW_ASSIGN(const double first, fields.NumberOr("first_label", 0));
  if (first != 0 && first != -1) return fields.Fails("first_label", "it is 0, or -1 where output 0 is a background");
  card.first_label = static_cast<int64_t>(first);
  TW_ASSIGN(card.least_score, fields.NumberOr("least_score", card.least_score));
  TW_ASSIGN(card.most_overlap, fields.NumberOr("most_overlap", card.most_overlap));
  TW_ASSIGN(card.probabilities, fields.FlagOr("probabilities", false));
  TW_ASSIGN(card.limbs, ReadLimbs(fields, card.labels));
  TW_ASSIGN(card.variants, ReadVariants(fields));
  return card;
}

}  // namespace

std::string ModelCard::LabelName(int64_t label) const {
  if (label >= 0 && label < static_cast<int64_t>(labels.size())) return labels[static_cast<size_t>(label)];
  return label == -1 && first_label == -1 ? "background" : "class " + std::to_string(label);
}

Result<ModelCard> ParseCard(std::string_view yaml, const std::string& origin) {
  return ReadYaml<ModelCard>(yaml, origin, kCardBytes, Build);
}

std::string CardText(const ModelCard& card) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << card.name;
  if (!card.files.empty()) out << YAML::Key << "files" << YAML::Value << YAML::Flow << card.files;
  out << YAML::Key << "task" << YAML::Value << card.task;
  const PictureInput& input = card.input;
  const auto colors = [](const std::array<float, 3>& v) { return std::vector<float>(v.begin(), v.end()); };
  out << YAML::Key << "input" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "fit" << YAML::Value << (input.crop ? "crop" : "stretch");
  if (input.crop) out << YAML::Key << "crop_share" << YAML::Value << input.crop_share;
  out << YAML::Key << "colors" << YAML::Value << (input.blue_first ? "bgr" : "rgb");
  out << YAML::Key << "mean" << YAML::Value << YAML::Flow << colors(input.mean);
  out << YAML::Key << "deviation" << YAML::Value << YAML::Flow << colors(input.deviation) << YAML::EndMap;
  if (!card.labels.empty()) {
    out << YAML::Key << "labels" << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const std::string& label : card.labels) out << YAML::DoubleQuoted << label;
    out << YAML::EndSeq;
  }
  out << YAML::Key << "first_label" << YAML::Value << card.first_label;
  out << YAML::Key << "least_score" << YAML::Value << card.least_score;
  out << YAML::Key << "most_overlap" << YAML::Value << card.most_overlap;
  out << YAML::Key << "probabilities" << YAML::Value << card.probabilities;
  if (!card.limbs.empty()) {
    out << YAML::Key << "limbs" << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const auto& [from, to] : card.limbs)
      out << YAML::DoubleQuoted << card.labels[static_cast<size_t>(from)] + " " + card.labels[static_cast<size_t>(to)];
    out << YAML::EndSeq;
  }
  if (!card.variants.empty()) {
    out << YAML::Key << "variants" << YAML::Value << YAML::BeginSeq;
    for (const NetVariant& v : card.variants) out << YAML::DoubleQuoted << v.width + " " + v.file;
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

std::vector<std::string> BuiltInCards() {
  std::vector<std::string> names;
  for (const auto& [name, text] : EmbeddedCards()) names.emplace_back(name);
  return names;
}

std::vector<NetVariant> VariantsBeside(const std::string& path, const ModelCard& card) {
  std::vector<NetVariant> beside;
  for (const NetVariant& v : card.variants) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(std::filesystem::path(path).parent_path() / v.file, ignored)) beside.push_back(v);
  }
  return beside;
}

Result<ModelCard> FindCard(const std::string& path, const std::string& given) {
  std::error_code ignored;
  if (const std::string file = given.empty() ? path + ".card.yaml" : given; std::filesystem::is_regular_file(file, ignored)) {
    TW_ASSIGN(const std::string text, ReadFile(file, kCardBytes));
    return ParseCard(text, file);
  }
  const std::string name = std::filesystem::path(path).filename();
  std::string known;
  for (const auto& [card_name, text] : EmbeddedCards()) {
    known += (known.empty() ? "" : ", ") + std::string(card_name);
    if (!given.empty() && card_name != given) continue;
    TW_ASSIGN(ModelCard card, ParseCard(text, "built-in card " + std::string(card_name)));
    if (!given.empty()) return card;
    if (std::any_of(card.files.begin(), card.files.end(), [&](const std::string& pattern) { return Matches(pattern, name); })) return card;
  }
  const std::string asked = given.empty() ? "no card says what " + name + " looks at" : "there is no card '" + given + "'";
  return Fail(StatusCode::kNotFound,
              asked + "; built in are " + known + "; give one by --card, or write " + path + ".card.yaml (docs/cards.md)");
}

}  // namespace tradewind
