// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/safetensors_parser.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/checked.h"
#include "formats/gguf_text.h"

namespace tradewind {
namespace {

static_assert(std::endian::native == std::endian::little, "the length is copied out of the file as it lies");

struct SafetensorsType {
  std::string_view name;
  uint64_t bits;
};
constexpr SafetensorsType kSafetensorsTypes[] = {{"BOOL", 8}, {"U8", 8},   {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8},
                                                 {"I16", 16}, {"U16", 16}, {"F16", 16}, {"BF16", 16},   {"I32", 32},
                                                 {"U32", 32}, {"F32", 32}, {"F64", 64}, {"I64", 64},    {"U64", 64}};

void AppendUtf8(uint32_t c, std::string& text) {
  const auto put = [&](uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

}  // namespace

Result<void> SafetensorsParser::Parse(std::span<const std::byte> bytes, std::string source, Safetensors& out) {
  out.source_ = std::move(source);
  SafetensorsParser parser(bytes, out);
  TW_RETURN_IF_ERROR(parser.ParseLength());
  TW_RETURN_IF_ERROR(parser.ParseHeader());
  return parser.CheckCover();
}

tl::unexpected<Status> SafetensorsParser::Bad(uint64_t offset, std::string_view field, std::string problem) const {
  std::string where = part_.empty() ? "header" : part_;
  where.append(": ").append(field);
  return Fail(Status(StatusCode::kInvalidInput, out_.source_ + ": " + std::move(problem)).At(std::move(where), offset));
}

void SafetensorsParser::SkipSpace() {
  while (at_ < end_ && (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t')) ++at_;
}

bool SafetensorsParser::Take(char c) {
  SkipSpace();
  if (at_ >= end_ || Peek() != c) return false;
  ++at_;
  return true;
}

Result<void> SafetensorsParser::Expect(char c, std::string_view field) {
  if (Take(c)) return {};
  return Bad(at_, field, std::string("there should be '") + c + "' here; the header is damaged");
}

Result<std::string> SafetensorsParser::ReadText(std::string_view field, uint64_t limit) {
  TW_RETURN_IF_ERROR(Expect('"', field));
  const uint64_t start = at_;
  std::string text;
  while (true) {
    if (at_ >= end_) return Bad(start, field, "a text has no end; the header is damaged");
    const char c = Peek();
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) return Bad(at_, field, "a text holds a control character; the header is damaged");
    if (text.size() >= limit) return Bad(start, field, "a text is over the limit of " + std::to_string(limit) + " bytes");
    ++at_;
    if (c != '\\') {
      text += c;
    } else {
      TW_RETURN_IF_ERROR(ReadEscape(field, text));
    }
  }
  ++at_;
  return text;
}

Result<void> SafetensorsParser::ReadEscape(std::string_view field, std::string& text) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char c = Peek();
  if (const size_t known = kLetters.find(c); c != '\0' && known != std::string_view::npos) {
    ++at_;
    text += kMeanings[known];
    return {};
  }
  if (c != 'u') return Bad(at_, field, "a text holds an escape that JSON does not know; the header is damaged");
  ++at_;
  TW_ASSIGN(uint32_t code, ReadHex4(field));
  if (code >= 0xD800 && code < 0xDC00) {  // the first half of a pair
    if (at_ + 1 >= end_ || Peek() != '\\' || static_cast<char>(bytes_[at_ + 1]) != 'u')
      return Bad(at_, field, "a text holds half a surrogate pair; the header is damaged");
    at_ += 2;
    TW_ASSIGN(const uint32_t low, ReadHex4(field));
    if (low < 0xDC00 || low >= 0xE000) return Bad(at_, field, "a text holds half a surrogate pair; the header is damaged");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xDC00 && code < 0xE000) {
    return Bad(at_, field, "a text holds half a surrogate pair; the header is damaged");
  }
  AppendUtf8(code, text);
  return {};
}

Result<uint32_t> SafetensorsParser::ReadHex4(std::string_view field) {
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = Peek();
    const bool digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!digit && !(lower >= 'a' && lower <= 'f'))
      return Bad(at_, field, "an escape has no four hexadecimal digits; the header is damaged");
    code = code * 16 + static_cast<uint32_t>(digit ? c - '0' : lower - 'a' + 10);
  }
  return code;
}

Result<uint64_t> SafetensorsParser::ReadNumber(std::string_view field) {
  SkipSpace();
  const uint64_t start = at_;
  CheckedU64 value = 0;
  for (; Peek() >= '0' && Peek() <= '9'; ++at_) value = CheckedAdd(CheckedMul(value, 10), static_cast<uint64_t>(Peek() - '0'));
  const uint64_t digits = at_ - start;
  if (digits == 0 || (digits > 1 && static_cast<char>(bytes_[start]) == '0') || Peek() == '.' || (Peek() | 0x20) == 'e')
    return Bad(start, field, "there should be a whole number from 0 up here");
  if (!value) return Bad(start, field, "the number is over 64 bits");
  return *value;
}

Result<std::vector<uint64_t>> SafetensorsParser::ReadNumbers(std::string_view field, uint64_t limit) {
  TW_RETURN_IF_ERROR(Expect('[', field));
  std::vector<uint64_t> numbers;
  if (Take(']')) return numbers;
  do {
    if (numbers.size() == limit) return Bad(at_, field, "there are more than " + std::to_string(limit) + " numbers");
    TW_ASSIGN(const uint64_t number, ReadNumber(field));
    numbers.push_back(number);
  } while (Take(','));
  TW_RETURN_IF_ERROR(Expect(']', field));
  return numbers;
}

Result<void> SafetensorsParser::ParseLength() {
  if (bytes_.size() < 8) return Bad(0, "length", "the file has " + std::to_string(bytes_.size()) + " bytes, too few for a header's length");
  uint64_t length = 0;
  std::memcpy(&length, bytes_.data(), 8);
  if (length > SafetensorsLimits::kHeaderBytes) {
    return Bad(0, "length",
               "a header of " + std::to_string(length) + " bytes is over the limit of " + std::to_string(SafetensorsLimits::kHeaderBytes) +
                   "; is this a .safetensors file?");
  }
  if (length > bytes_.size() - 8) {
    return Bad(0, "length",
               "a header of " + std::to_string(length) + " bytes does not fit into the " + std::to_string(bytes_.size() - 8) +
                   " that follow: the file is cut short or damaged; fetch it again");
  }
  at_ = 8;
  end_ = 8 + length;
  return {};
}

Result<void> SafetensorsParser::ParseHeader() {
  TW_RETURN_IF_ERROR(Expect('{', "start"));
  bool metadata = false;
  if (!Take('}')) {
    do {
      part_.clear();
      SkipSpace();
      const uint64_t offset = at_;
      TW_ASSIGN(std::string name, ReadText("name", SafetensorsLimits::kNameBytes));
      TW_RETURN_IF_ERROR(Expect(':', "name"));
      if (name == "__metadata__") {
        if (metadata) return Bad(offset, "name", "__metadata__ stands there twice");
        metadata = true;
        TW_RETURN_IF_ERROR(ParseMetadata());
      } else {
        TW_RETURN_IF_ERROR(ParseTensor(std::move(name), offset));
      }
    } while (Take(','));
    part_.clear();
    TW_RETURN_IF_ERROR(Expect('}', "end"));
  }
  SkipSpace();
  if (at_ != end_) return Bad(at_, "end", "something follows the header's object");
  return {};
}

Result<void> SafetensorsParser::ParseMetadata() {
  part_ = "__metadata__";
  TW_RETURN_IF_ERROR(Expect('{', "start"));
  if (Take('}')) return {};
  do {
    SkipSpace();
    const uint64_t offset = at_;
    if (out_.metadata_.size() == SafetensorsLimits::kMetadata) return Bad(offset, "key", "there are too many keys");
    TW_ASSIGN(std::string key, ReadText("key", SafetensorsLimits::kNameBytes));
    TW_RETURN_IF_ERROR(Expect(':', "key"));
    TW_ASSIGN(std::string value, ReadText("value", SafetensorsLimits::kMetadataTextBytes));
    if (!out_.metadata_.emplace(std::move(key), std::move(value)).second) return Bad(offset, "key", "a key stands there twice");
  } while (Take(','));
  return Expect('}', "end");
}

Result<void> SafetensorsParser::ParseTensor(std::string name, uint64_t offset) {
  part_ = "tensor " + Quoted(name);
  if (name.empty()) return Bad(offset, "name", "a tensor has no name");
  if (out_.tensors_.size() == SafetensorsLimits::kTensors) return Bad(offset, "name", "there are too many tensors");
  TW_RETURN_IF_ERROR(Expect('{', "start"));
  std::optional<std::string> type;
  std::optional<std::vector<uint64_t>> shape, range;
  do {
    SkipSpace();
    const uint64_t key_offset = at_;
    TW_ASSIGN(const std::string key, ReadText("key", SafetensorsLimits::kNameBytes));
    TW_RETURN_IF_ERROR(Expect(':', "key"));
    if (key == "dtype" && !type) {
      TW_ASSIGN(type, ReadText("dtype", 16));
    } else if (key == "shape" && !shape) {
      TW_ASSIGN(shape, ReadNumbers("shape", SafetensorsLimits::kDimensions));
    } else if (key == "data_offsets" && !range) {
      TW_ASSIGN(range, ReadNumbers("data_offsets", 2));
    } else {
      return Bad(key_offset, "key", "the key " + Quoted(key) + " is unknown or stands there twice");
    }
  } while (Take(','));
  TW_RETURN_IF_ERROR(Expect('}', "end"));
  if (!type) return Bad(offset, "dtype", "the tensor has no dtype");
  if (!shape) return Bad(offset, "shape", "the tensor has no shape");
  if (!range) return Bad(offset, "data_offsets", "the tensor has no data_offsets");
  SafetensorsTensor tensor{.type = std::move(*type), .shape = std::move(*shape), .data = {}, .offset = 0};
  TW_RETURN_IF_ERROR(Place(tensor, *range, offset));
  if (!out_.tensors_.emplace(std::move(name), std::move(tensor)).second)
    return Bad(offset, "name", "a tensor of this name stands there twice");
  return {};
}

Result<void> SafetensorsParser::Place(SafetensorsTensor& tensor, const std::vector<uint64_t>& range, uint64_t offset) const {
  const auto* type = std::find_if(std::begin(kSafetensorsTypes), std::end(kSafetensorsTypes),
                                  [&](const SafetensorsType& t) { return t.name == tensor.type; });
  if (type == std::end(kSafetensorsTypes)) return Bad(offset, "dtype", "the type " + Quoted(tensor.type) + " is unknown");
  CheckedU64 bytes = type->bits / 8;
  for (const uint64_t n : tensor.shape) bytes = CheckedMul(bytes, n);
  if (!bytes) return Bad(offset, "shape", "the tensor's size overflows 64 bits");
  if (range.size() != 2) return Bad(offset, "data_offsets", "there should be two numbers, a begin and an end");
  const uint64_t data_bytes = bytes_.size() - end_;
  if (range[0] > range[1] || range[1] > data_bytes) {
    return Bad(offset, "data_offsets",
               "the tensor lies at " + std::to_string(range[0]) + " to " + std::to_string(range[1]) + " of " + std::to_string(data_bytes) +
                   " bytes: the file is cut short or damaged; fetch it again");
  }
  if (range[1] - range[0] != *bytes) {
    return Bad(offset, "data_offsets",
               "the tensor has " + std::to_string(range[1] - range[0]) + " bytes; its shape and type ask for " + std::to_string(*bytes));
  }
  tensor.offset = end_ + range[0];
  tensor.data = bytes_.subspan(tensor.offset, *bytes);
  return {};
}

// Every byte of the data belongs to one tensor: no overlaps, no holes for something hidden.
Result<void> SafetensorsParser::CheckCover() const {
  std::vector<std::pair<uint64_t, std::string_view>> order;
  for (const auto& [name, tensor] : out_.tensors_) {
    if (!tensor.data.empty()) order.emplace_back(tensor.offset, name);
  }
  std::sort(order.begin(), order.end());
  uint64_t covered = end_;
  for (const auto& [offset, name] : order) {
    if (offset != covered) {
      return Fail(Status(StatusCode::kInvalidInput,
                         out_.source_ + (offset < covered ? ": two tensors overlap" : ": bytes before the tensor belong to no tensor"))
                      .At("tensor " + Quoted(name) + ": data_offsets", offset));
    }
    covered += out_.FindTensor(name)->data.size();
  }
  if (covered == bytes_.size()) return {};
  return Fail(Status(StatusCode::kInvalidInput, out_.source_ + ": the last bytes belong to no tensor").At("data: end", covered));
}

}  // namespace tradewind
