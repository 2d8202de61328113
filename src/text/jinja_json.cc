// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

// Builds values as the parser goes. Throws Failure from inside the parser, which holds nothing that needs more than unwinding.
class Handler : public nlohmann::json_sax<nlohmann::json> {
 public:
  Handler(Runtime& rt, std::string_view name, const std::function<std::string(std::string_view)>& filter)
      : rt_(rt), name_(name), filter_(filter) {}
  Value result() const { return result_; }

  bool null() override { return Put(Value::None()); }
  bool boolean(bool value) override { return Put(Value::Bool(value)); }
  bool number_integer(number_integer_t value) override { return Put(Value::Int(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<uint64_t>(INT64_MAX)) Fail("an integer does not fit into 64 bits");
    return Put(Value::Int(static_cast<int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    if (text.find_first_of(".eE") == string_t::npos) Fail("an integer does not fit into 64 bits");
    return Put(Value::Float(value));
  }
  bool string(string_t& text) override { return Put(Text(text)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(true); }
  bool start_array(std::size_t) override { return Open(false); }
  bool key(string_t& text) override {
    frames_.back().keys.push_back(Text(text));
    return true;
  }
  bool end_array() override {
    const Value list = MakeList(rt_, frames_.back().values);
    frames_.pop_back();
    return Put(list);
  }
  bool end_object() override {
    const Frame& frame = frames_.back();
    std::vector<Entry> entries;
    for (size_t i = 0; i < frame.values.size(); ++i) entries.push_back({frame.keys[i], frame.values[i]});
    const Value dict = MakeDict(rt_, entries);
    frames_.pop_back();
    return Put(dict);
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    throw Failure{Status(StatusCode::kInvalidInput, "the variable '" + name_ + "' is not valid JSON").At(name_, position)};
  }

 private:
  struct Frame {
    std::vector<Value> keys, values;
  };

  Value Text(const string_t& text) { return MakeString(rt_, filter_ ? filter_(text) : text); }
  [[noreturn]] void Fail(const std::string& what) const {
    throw Failure{Status(StatusCode::kInvalidInput, "the variable '" + name_ + "': " + what).At(name_)};
  }
  bool Open(bool) {
    if (static_cast<int>(frames_.size()) >= rt_.limits().depth) {
      throw Failure{Status(StatusCode::kInvalidInput,
                           "the variable '" + name_ + "' nests deeper than " + std::to_string(rt_.limits().depth) + " (limit: depth)")
                        .At(name_)};
    }
    frames_.emplace_back();
    return true;
  }
  bool Put(const Value& value) {
    rt_.Charge(1);
    frames_.empty() ? void(result_ = value) : frames_.back().values.push_back(value);
    return true;
  }

  Runtime& rt_;
  std::string name_;
  const std::function<std::string(std::string_view)>& filter_;
  std::vector<Frame> frames_;
  Value result_;
};

void AddEscaped(std::string* out, const char* format, uint32_t code) {
  char buffer[16];
  out->append(buffer, static_cast<size_t>(std::snprintf(buffer, sizeof(buffer), format, code)));
}

void AddJsonString(TextBuilder* out, std::string_view text, bool ensure_ascii) {
  std::string escaped = "\"";
  for (size_t pos = 0; pos < text.size();) {
    const char32_t code = CodePointAt(text, pos);
    const size_t bytes = CodePointBytes(text, pos);
    const size_t known = std::string_view("\"\\\n\r\t\f\b").find(static_cast<char>(code));
    if (code < 0x80 && known != std::string_view::npos) {
      escaped.push_back('\\');
      escaped.push_back("\"\\nrtfb"[known]);
    } else if (code < 0x20 || (ensure_ascii && code >= 0x7F && code < 0x10000)) {
      AddEscaped(&escaped, "\\u%04x", static_cast<uint32_t>(code));
    } else if (ensure_ascii && code >= 0x10000) {
      AddEscaped(&escaped, "\\u%04x", 0xD800 + ((static_cast<uint32_t>(code) - 0x10000) >> 10));
      AddEscaped(&escaped, "\\u%04x", 0xDC00 + ((static_cast<uint32_t>(code) - 0x10000) & 0x3FF));
    } else {
      escaped.append(text.substr(pos, bytes));
    }
    pos += bytes;
    if (escaped.size() > 4096) {
      out->Add(escaped);
      escaped.clear();
    }
  }
  escaped.push_back('"');
  out->Add(escaped);
}

class Writer {
 public:
  Writer(TextBuilder* out, const JsonStyle& style) : out_(out), rt_(out->rt()), style_(style) {}

  void Write(const Value& value, int level) {
    rt_.Charge(1);
    switch (value.kind) {
      case Kind::kNone: out_->Add("null"); break;
      case Kind::kBool: out_->Add(value.boolean ? "true" : "false"); break;
      case Kind::kInt: out_->Add(std::to_string(value.integer)); break;
      case Kind::kFloat: out_->Add(Number(value.real)); break;
      case Kind::kString: AddJsonString(out_, value.text(), style_.ensure_ascii); break;
      case Kind::kList:
      case Kind::kTuple: WriteList(*value.list, level); break;
      case Kind::kDict: WriteDict(*value.dict, level); break;
      default: rt_.Fail("object of type " + std::string(TypeName(value)) + " is not JSON serializable");
    }
  }

 private:
  static std::string Number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    return FloatText(value);
  }
  void NewLine(int level) {
    if (!style_.pretty) return;
    out_->Add("\n");
    out_->Repeat(style_.indent, level);
  }
  void WriteList(const List& list, int level) {
    if (list.size == 0) return out_->Add("[]");
    out_->Add("[");
    for (uint32_t i = 0; i < list.size; ++i) {
      if (i > 0) out_->Add(style_.item_separator);
      NewLine(level + 1);
      Write(list.items[i], level + 1);
    }
    NewLine(level);
    out_->Add("]");
  }
  void WriteDict(const Dict& dict, int level) {
    if (dict.size == 0) return out_->Add("{}");
    std::vector<Entry> entries(dict.entries, dict.entries + dict.size);
    if (style_.sort_keys) {
      rt_.Charge(entries.size() * 16);
      for (const Entry& entry : entries) {
        if (!entry.key.IsString()) rt_.Fail(StatusCode::kUnsupported, "tojson(sort_keys) with keys that are not strings");
      }
      std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key.text() < b.key.text(); });
    }
    out_->Add("{");
    bool first = true;
    for (const Entry& entry : entries) {
      if (!first) out_->Add(style_.item_separator);
      first = false;
      NewLine(level + 1);
      WriteKey(entry.key);
      out_->Add(style_.key_separator);
      Write(entry.value, level + 1);
    }
    NewLine(level);
    out_->Add("}");
  }
  void WriteKey(const Value& key) {
    if (key.IsString()) return Write(key, 0);
    if (!key.IsNumber() && !key.Is(Kind::kNone)) rt_.Fail("keys must be str, int, float, bool or None, not " + std::string(TypeName(key)));
    out_->Add("\"");
    Write(key, 0);
    out_->Add("\"");
  }

  TextBuilder* out_;
  Runtime& rt_;
  const JsonStyle& style_;
};

}  // namespace

Value ParseJson(Runtime& rt, std::string_view name, std::string_view text, const std::function<std::string(std::string_view)>& filter) {
  rt.CheckRoom(text.size());
  Handler handler(rt, name, filter);
  nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
  return handler.result();
}

Value ToJson(Runtime& rt, const Value& value, const JsonStyle& style) {
  TextBuilder builder(rt);
  Writer(&builder, style).Write(value, 0);
  return builder.Finish();
}

}  // namespace tradewind::jinja
