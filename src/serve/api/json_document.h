// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// JsonDocument: a body of bytes as a checked tree of JSON values. Beyond JSON's own rules it refuses what two readers may take differently:
// a key twice in one object, half a surrogate pair, a number beyond double or 64 bits. No recursion; the limits hold before anything is
// built. The document owns its values and texts, a JsonNode points into it. Immutable; thread-safe.
//
//   TW_ASSIGN(const JsonDocument body, JsonDocument::Parse(bytes));
//   for (const JsonNode item : body.root().children()) use(item.key(), item.text());
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "serve/api/limits.h"

namespace tradewind {

enum class JsonKind : uint8_t {
  kNull,
  kBool,
  kInteger,  // fits int64_t
  kHuge,     // a whole number above int64_t's
  kReal,     // written with a point or an exponent
  kText,
  kArray,
  kObject,
};
// With its article, for messages: "a whole number".
std::string_view JsonKindName(JsonKind kind);

// A value in the tree; those of a subtree stand one behind the other, a parent before its children.
struct JsonRecord {
  union {
    bool boolean;
    int64_t integer;
    uint64_t huge;
    double real = 0;
    const char* text;
  };
  const char* key = nullptr;
  uint32_t key_bytes = 0;
  uint32_t size = 0;  // bytes of a text, children of an array or object
  uint32_t span = 1;  // records of the whole subtree
  JsonKind kind = JsonKind::kNull;
};

class JsonNode {
 public:
  class Iterator;
  struct Children;

  explicit JsonNode(const JsonRecord* record) : record_(record) {}
  JsonKind kind() const { return record_->kind; }
  bool IsNull() const { return kind() == JsonKind::kNull; }
  bool IsNumber() const { return kind() == JsonKind::kInteger || kind() == JsonKind::kHuge || kind() == JsonKind::kReal; }
  // Each only of its kind.
  bool boolean() const { return record_->boolean; }
  int64_t integer() const { return record_->integer; }
  uint64_t huge() const { return record_->huge; }
  double number() const {
    if (kind() == JsonKind::kInteger) return static_cast<double>(record_->integer);
    return kind() == JsonKind::kHuge ? static_cast<double>(record_->huge) : record_->real;
  }
  std::string_view text() const { return {record_->text, record_->size}; }
  // Of an array or object.
  size_t size() const { return record_->size; }
  Children children() const;
  // The name in its object; empty for others.
  std::string_view key() const { return {record_->key, record_->key_bytes}; }
  const JsonRecord* record() const { return record_; }

 private:
  const JsonRecord* record_;
};

class JsonNode::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = JsonNode;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = JsonNode;

  explicit Iterator(const JsonRecord* at) : at_(at) {}
  JsonNode operator*() const { return JsonNode(at_); }
  Iterator& operator++() {
    at_ += at_->span;
    return *this;
  }
  bool operator==(const Iterator&) const = default;

 private:
  const JsonRecord* at_;
};

struct JsonNode::Children {
  const JsonRecord* parent;
  Iterator begin() const { return Iterator(parent + 1); }
  Iterator end() const { return Iterator(parent + parent->span); }
};

inline JsonNode::Children JsonNode::children() const {
  return {record_};
}

class JsonDocument {
 public:
  // kInvalidInput with the byte of the fault.
  static Result<JsonDocument> Parse(std::string_view bytes, const JsonDocumentLimits& limits = {});
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonNode root() const { return JsonNode(records_.data()); }

 private:
  struct Texts;
  JsonDocument(std::unique_ptr<Texts> texts, std::vector<JsonRecord> records);
  std::unique_ptr<Texts> texts_;
  std::vector<JsonRecord> records_;
};

// The value as JSON without blanks, its keys in their order, each number with the value that was read.
std::string ToJsonText(JsonNode node);

}  // namespace tradewind
