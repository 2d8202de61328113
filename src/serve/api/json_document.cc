// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/json_document.h"

#include <simdjson.h>

#include <algorithm>

#include "serve/api/json_fault.h"

namespace tradewind {
namespace {

using simdjson::dom::element;

tl::unexpected<Status> BadJson(std::string message, std::optional<uint64_t> offset = std::nullopt) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(message)).At("body", offset));
}

tl::unexpected<Status> JsonOver(const char* what, size_t limit, size_t offset) {
  return BadJson("the body has over " + std::to_string(limit) + " " + what, offset);
}

// Counts what a value can begin at, outside of strings, before memory is taken for any of it.
Result<void> CheckJsonShape(std::string_view text, const JsonDocumentLimits& limits) {
  size_t depth = 0;
  size_t values = 1;
  size_t colons = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    switch (c) {
      case '"': in_string = true; break;
      case '{':
      case '[':
        if (++depth > limits.nesting) return JsonOver("levels of nesting", limits.nesting, i);
        ++values;
        break;
      case '}':
      case ']': depth -= depth > 0 ? 1 : 0; break;
      case ',': ++values; break;
      case ':': ++colons; break;
      default: break;
    }
    if (std::max(values, colons) > limits.values) return JsonOver("values", limits.values, i);
  }
  return {};
}

// Copies simdjson's tree into records, with an open list in the place of recursion, and checks on the way.
class RecordBuilder {
 public:
  RecordBuilder(const JsonDocumentLimits& limits, std::vector<JsonRecord>* records) : limits_(limits), records_(*records) {}

  Result<void> Run(const element& root) {
    Add(root, {});
    while (!open_.empty()) {
      Open& top = open_.back();
      const bool ended = top.object ? top.member == top.last_member : top.item == top.last_item;
      if (ended) {
        TW_RETURN_IF_ERROR(Close());
      } else if (top.object) {
        const std::string_view key = top.member.key();
        const element value = top.member.value();
        ++top.member;
        Add(value, key);
      } else {
        const element value = *top.item;
        ++top.item;
        Add(value, {});
      }
    }
    return {};
  }

 private:
  struct Open {
    size_t record = 0;
    bool object = false;
    simdjson::dom::object::iterator member{}, last_member{};
    simdjson::dom::array::iterator item{}, last_item{};
  };

  void Add(const element& value, std::string_view key) {
    if (!open_.empty()) ++records_[open_.back().record].size;
    JsonRecord& record = records_.emplace_back();
    record.key = key.data();
    record.key_bytes = static_cast<uint32_t>(key.size());
    switch (value.type()) {
      case simdjson::dom::element_type::NULL_VALUE: return;
      case simdjson::dom::element_type::BOOL:
        record.kind = JsonKind::kBool;
        record.boolean = value.get_bool().value_unsafe();
        return;
      case simdjson::dom::element_type::INT64:
        record.kind = JsonKind::kInteger;
        record.integer = value.get_int64().value_unsafe();
        return;
      case simdjson::dom::element_type::UINT64:
        record.kind = JsonKind::kHuge;
        record.huge = value.get_uint64().value_unsafe();
        return;
      case simdjson::dom::element_type::DOUBLE:
        record.kind = JsonKind::kReal;
        record.real = value.get_double().value_unsafe();
        return;
      case simdjson::dom::element_type::STRING: {
        const std::string_view text = value.get_string().value_unsafe();
        record.kind = JsonKind::kText;
        record.text = text.data();
        record.size = static_cast<uint32_t>(text.size());
        return;
      }
      case simdjson::dom::element_type::ARRAY: {
        record.kind = JsonKind::kArray;
        const simdjson::dom::array array = value.get_array().value_unsafe();
        open_.push_back({.record = records_.size() - 1, .item = array.begin(), .last_item = array.end()});
        return;
      }
      case simdjson::dom::element_type::OBJECT: {
        record.kind = JsonKind::kObject;
        const simdjson::dom::object object = value.get_object().value_unsafe();
        open_.push_back({.record = records_.size() - 1, .object = true, .member = object.begin(), .last_member = object.end()});
        return;
      }
    }
  }

  Result<void> Close() {
    JsonRecord& record = records_[open_.back().record];
    record.span = static_cast<uint32_t>(records_.size() - open_.back().record);
    open_.pop_back();
    if (record.kind != JsonKind::kObject) return {};
    if (record.size > limits_.members) return BadJson("the body has an object with over " + std::to_string(limits_.members) + " members");
    keys_.clear();
    for (const JsonNode child : JsonNode(&record).children()) keys_.push_back(child.key());
    std::sort(keys_.begin(), keys_.end());
    const auto twice = std::adjacent_find(keys_.begin(), keys_.end());
    if (twice == keys_.end()) return {};
    return BadJson("the body has \"" + std::string(twice->substr(0, 64)) + "\" twice in one object; write it once");
  }

  const JsonDocumentLimits& limits_;
  std::vector<JsonRecord>& records_;
  std::vector<Open> open_;
  std::vector<std::string_view> keys_;
};

}  // namespace

struct JsonDocument::Texts {
  simdjson::dom::document document;
};

JsonDocument::JsonDocument(std::unique_ptr<Texts> texts, std::vector<JsonRecord> records)
    : texts_(std::move(texts)), records_(std::move(records)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::Parse(std::string_view bytes, const JsonDocumentLimits& limits) {
  if (bytes.size() > limits.bytes) return JsonOver("bytes", limits.bytes, limits.bytes);
  TW_RETURN_IF_ERROR(CheckJsonShape(bytes, limits));
  auto texts = std::make_unique<Texts>();
  simdjson::dom::parser parser(limits.bytes);
  // One more than our own limit, which has the better message.
  simdjson::error_code error = parser.allocate(std::max<size_t>(bytes.size(), 32), limits.nesting + 1);
  element root;
  if (error == simdjson::SUCCESS) error = parser.parse_into_document(texts->document, bytes.data(), bytes.size(), true).get(root);
  if (error == simdjson::MEMALLOC) return Fail(StatusCode::kResourceExhausted, "no memory is left to read the body; try again later");
  if (error != simdjson::SUCCESS) return Fail(JsonFault(bytes));
  std::vector<JsonRecord> records;
  TW_RETURN_IF_ERROR(RecordBuilder(limits, &records).Run(root));
  texts->document.tape.reset();  // the texts lie elsewhere
  return JsonDocument(std::move(texts), std::move(records));
}

}  // namespace tradewind
