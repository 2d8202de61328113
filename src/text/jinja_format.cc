// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>

#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

// Digits after the point that a double can use; more would only fill memory.
constexpr int64_t kMaxPrecision = 400;

struct Spec {
  std::string_view fill = " ";
  char align = 0;  // < > ^ =
  char sign = '-';
  bool alternate = false;
  char separator = 0;
  int64_t width = 0;
  int64_t precision = -1;
  char type = 0;
};

// Reads digits at pos; -1 without any.
int64_t ReadNumber(Runtime& rt, std::string_view text, size_t* pos) {
  int64_t number = -1;
  const char* begin = text.data() + *pos;
  const auto parsed = std::from_chars(begin, text.data() + text.size(), number);
  if (parsed.ptr == begin || *begin == '-') return -1;
  if (parsed.ec != std::errc()) rt.Fail("too many digits in a format");
  *pos = static_cast<size_t>(parsed.ptr - text.data());
  return number;
}

void Pad(TextBuilder* out, const Spec& spec, std::string_view prefix, std::string_view body, char default_align) {
  const int64_t size = static_cast<int64_t>(CodePoints(prefix) + CodePoints(body));
  const int64_t missing = std::max<int64_t>(0, spec.width - size);
  const char align = spec.align ? spec.align : default_align;
  const int64_t left = align == '>' ? missing : align == '^' ? missing / 2 : 0;
  out->Repeat(spec.fill, left);
  out->Add(prefix);
  if (align == '=') out->Repeat(spec.fill, missing);
  out->Add(body);
  if (align != '=') out->Repeat(spec.fill, missing - left);
}

std::string Grouped(std::string digits, char separator, size_t every) {
  if (!separator) return digits;
  const size_t whole = std::min(digits.find_first_of(".e"), digits.size());
  for (size_t pos = whole; pos > every;) {
    pos -= every;
    digits.insert(pos, 1, separator);
  }
  return digits;
}

std::string IntegerDigits(Runtime& rt, uint64_t magnitude, char type) {
  const int base = type == 'x' || type == 'X' ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 10;
  char buffer[72];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), magnitude, base).ptr;
  std::string digits(buffer, end);
  if (type == 'X') {
    for (char& c : digits) c = static_cast<char>(c >= 'a' ? c - 32 : c);
  }
  rt.Charge(1);
  return digits;
}

std::string FloatDigits(Runtime& rt, double magnitude, const Spec& spec) {
  if (spec.precision > kMaxPrecision) rt.Fail("a precision of more than " + std::to_string(kMaxPrecision) + " (limit: precision)");
  if (std::isnan(magnitude)) return "nan";
  if (std::isinf(magnitude)) return "inf";
  if (!spec.type && spec.precision < 0) return FloatText(magnitude);
  const int precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
  const char type = spec.type == '%' ? 'f' : spec.type ? spec.type : 'g';
  const std::string format = std::string("%") + (spec.alternate ? "#" : "") + ".*" + type;
  char buffer[1024];
  const int size = std::snprintf(buffer, sizeof(buffer), format.c_str(), precision, spec.type == '%' ? magnitude * 100 : magnitude);
  std::string digits(buffer, static_cast<size_t>(std::clamp<int>(size, 0, sizeof(buffer) - 1)));
  if (!spec.type && digits.find_first_of(".en") == std::string::npos) digits += ".0";
  return spec.type == '%' ? digits + "%" : digits;
}

void AddNumber(TextBuilder* out, const Spec& spec, const Value& value) {
  static constexpr std::string_view kFloatTypes = "eEfFgG%";
  const bool as_float = value.Is(Kind::kFloat) || (spec.type && kFloatTypes.find(spec.type) != std::string_view::npos);
  const bool negative = as_float ? std::signbit(value.AsFloat()) : value.AsInt() < 0;
  std::string prefix = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  std::string digits;
  if (as_float) {
    digits = Grouped(FloatDigits(out->rt(), std::fabs(value.AsFloat()), spec), spec.separator, 3);
  } else {
    const auto bits = static_cast<uint64_t>(value.AsInt());
    const bool decimal = !spec.type || spec.type == 'd' || spec.type == 'i' || spec.type == 'u' || spec.type == 'n';
    digits = Grouped(IntegerDigits(out->rt(), negative ? 0 - bits : bits, spec.type), spec.separator, decimal ? 3 : 4);
    if (spec.alternate && !decimal) prefix.append({'0', spec.type});
  }
  Pad(out, spec, prefix, digits, '>');
}

void AddText(TextBuilder* out, const Spec& spec, std::string_view text) {
  if (spec.precision >= 0) text = text.substr(0, ByteOffset(text, static_cast<size_t>(spec.precision)));
  Pad(out, spec, {}, text, '<');
}

class Percent {
 public:
  Percent(Runtime& rt, std::string_view format, const Value& value) : rt_(rt), out_(rt), format_(format), value_(value) {}

  Value Run() {
    for (size_t pos = 0; pos < format_.size();) {
      const size_t percent = std::min(format_.find('%', pos), format_.size());
      out_.Add(format_.substr(pos, percent - pos));
      if (percent == format_.size()) break;
      pos = percent + 1;
      Directive(&pos);
    }
    if (!keyed_ && value_.Is(Kind::kTuple) && used_ < value_.list->size) rt_.Fail("not all arguments converted during string formatting");
    if (!keyed_ && !value_.Is(Kind::kTuple) && !value_.Is(Kind::kDict) && !value_.Is(Kind::kList) && used_ == 0) {
      rt_.Fail("not all arguments converted during string formatting");
    }
    return out_.Finish();
  }

 private:
  const Value& Argument() {
    if (value_.Is(Kind::kTuple) ? used_ >= value_.list->size : used_ >= 1) rt_.Fail("not enough arguments for format string");
    ++used_;
    return value_.Is(Kind::kTuple) ? value_.list->items[used_ - 1] : value_;
  }

  char Peek(size_t pos) const {
    if (pos >= format_.size()) rt_.Fail("incomplete format");
    return format_[pos];
  }

  void Flags(size_t* pos, Spec* spec) {
    for (bool left = false;; ++*pos) {
      const char c = Peek(*pos);
      if (c == '-') {
        left = true;
        spec->align = '<';
        spec->fill = " ";
      } else if (c == '0' && !left) {
        spec->align = '=';
        spec->fill = "0";
      } else if (c == '+' || (c == ' ' && spec->sign != '+')) {
        spec->sign = c;
      } else if (c == '#') {
        spec->alternate = true;
      } else if (c != ' ' && c != '0') {
        return;
      }
    }
  }

  int64_t Number(size_t* pos) {
    if (Peek(*pos) != '*') return ReadNumber(rt_, format_, pos);
    ++*pos;
    const Value& value = Argument();
    if (!value.IsInteger()) rt_.Fail("* wants an integer");
    return value.AsInt();
  }

  void Directive(size_t* pos) {
    rt_.Charge(1);
    Spec spec;
    const Value* keyed = nullptr;
    if (Peek(*pos) == '(') {
      const size_t end = format_.find(')', *pos);
      if (end == std::string_view::npos) rt_.Fail("incomplete format key");
      if (!value_.Is(Kind::kDict)) rt_.Fail("format requires a mapping");
      keyed = Find(rt_, *value_.dict, format_.substr(*pos + 1, end - *pos - 1));
      if (!keyed) rt_.Fail("a key of the format is not in the mapping");
      keyed_ = true;
      *pos = end + 1;
    }
    Flags(pos, &spec);
    spec.width = Number(pos);
    if (Peek(*pos) == '.') {
      ++*pos;
      spec.precision = std::max<int64_t>(0, Number(pos));
    }
    spec.type = Peek((*pos)++);
    if (spec.type == '%') return out_.Add("%");
    Convert(spec, keyed ? *keyed : Argument());
  }

  void Convert(Spec spec, const Value& value) {
    if (!spec.align) spec.align = '>';
    switch (spec.type) {
      case 's':
      case 'r':
      case 'a': {
        if (spec.align == '=') spec.align = '>', spec.fill = " ";
        if (spec.type == 's') return AddText(&out_, spec, Text(rt_, value));
        TextBuilder repr(rt_);
        AddRepr(&repr, value);
        return AddText(&out_, spec, repr.text());
      }
      case 'c': rt_.Fail(StatusCode::kUnsupported, "%c in a format");
      default: break;
    }
    if (std::string_view("diuoxXeEfFgG").find(spec.type) == std::string_view::npos) rt_.Fail("unsupported format character");
    if (!value.IsNumber()) rt_.Fail("a number is required by the format, not " + std::string(TypeName(value)));
    if (std::string_view("diu").find(spec.type) != std::string_view::npos && value.Is(Kind::kFloat)) {
      if (!(std::fabs(value.real) < 9e18)) rt_.Fail("a float that does not fit an integer format");
      return AddNumber(&out_, spec, Value::Int(static_cast<int64_t>(value.real)));
    }
    if (std::string_view("oxX").find(spec.type) != std::string_view::npos && value.Is(Kind::kFloat)) {
      rt_.Fail("an integer is required by the format, not float");
    }
    AddNumber(&out_, spec, value);
  }

  Runtime& rt_;
  TextBuilder out_;
  std::string_view format_;
  const Value& value_;
  size_t used_ = 0;
  bool keyed_ = false;
};

class Brace {
 public:
  Brace(Evaluator& eval, std::string_view format, const Arguments& arguments)
      : eval_(eval), rt_(eval.rt()), out_(eval.rt()), format_(format), arguments_(arguments) {}

  Value Run() {
    for (size_t pos = 0; pos < format_.size();) {
      const size_t brace = std::min(format_.find_first_of("{}", pos), format_.size());
      out_.Add(format_.substr(pos, brace - pos));
      if (brace == format_.size()) break;
      if (brace + 1 < format_.size() && format_[brace + 1] == format_[brace]) {
        out_.Add(format_.substr(brace, 1));
        pos = brace + 2;
        continue;
      }
      if (format_[brace] == '}') rt_.Fail("single '}' encountered in format string");
      const size_t end = format_.find('}', brace);
      if (end == std::string_view::npos) rt_.Fail("expected '}' before end of string");
      Field(format_.substr(brace + 1, end - brace - 1));
      pos = end + 1;
    }
    return out_.Finish();
  }

 private:
  void Field(std::string_view field) {
    rt_.Charge(1);
    if (field.find('{') != std::string_view::npos) rt_.Fail(StatusCode::kUnsupported, "a format inside of a format");
    const size_t colon = std::min(field.find(':'), field.size());
    std::string_view name = field.substr(0, colon);
    const std::string_view spec_text = colon < field.size() ? field.substr(colon + 1) : std::string_view();
    char conversion = 0;
    if (const size_t mark = name.find('!'); mark != std::string_view::npos) {
      if (mark + 2 != name.size() || (name[mark + 1] != 's' && name[mark + 1] != 'r')) rt_.Fail("bad conversion in a format");
      conversion = name[mark + 1];
      name = name.substr(0, mark);
    }
    Value value = Lookup(name);
    if (conversion == 's') value = Value::Text(Text(rt_, value));
    if (conversion == 'r') {
      TextBuilder repr(rt_);
      AddRepr(&repr, value);
      value = repr.Finish();
    }
    Add(value, spec_text);
  }

  Value Lookup(std::string_view name) {
    const size_t first_end = std::min(name.find_first_of(".["), name.size());
    const std::string_view first = name.substr(0, first_end);
    Value value;
    size_t digits = 0;
    const int64_t index = first.empty() ? next_++ : ReadNumber(rt_, first, &digits);
    if (first.empty() || (index >= 0 && digits == first.size())) {
      if (static_cast<size_t>(index) >= arguments_.positional.size()) rt_.Fail("replacement index out of range in a format");
      value = arguments_.positional[static_cast<size_t>(index)];
    } else {
      const auto found = std::find_if(arguments_.named.begin(), arguments_.named.end(), [&](const Variable& v) { return v.name == first; });
      if (found == arguments_.named.end()) rt_.Fail("no argument '" + std::string(first.substr(0, 100)) + "' for a format");
      value = found->value;
    }
    for (std::string_view rest = name.substr(first_end); !rest.empty();) {
      const bool item = rest[0] == '[';
      const size_t end = item ? rest.find(']') : std::min(rest.find_first_of(".[", 1), rest.size());
      if (end == std::string_view::npos || (!item && rest[0] != '.')) rt_.Fail("bad field name in a format");
      const std::string_view key = rest.substr(1, end - 1);
      size_t read = 0;
      const int64_t number = item ? ReadNumber(rt_, key, &read) : -1;
      value = !item ? eval_.Attribute(value, key)
                    : eval_.Item(value, number >= 0 && read == key.size() ? Value::Int(number) : MakeString(rt_, key));
      rest = rest.substr(end + (item ? 1 : 0));
    }
    return value;
  }

  Spec ParseSpec(std::string_view text) {
    static constexpr std::string_view kAligns = "<>^=";
    Spec spec;
    size_t pos = 0;
    const size_t first = text.empty() ? 0 : CodePointBytes(text, 0);
    if (first < text.size() && kAligns.find(text[first]) != std::string_view::npos) {
      spec.fill = text.substr(0, first);
      spec.align = text[first];
      pos = first + 1;
    } else if (kAligns.find(text[0]) != std::string_view::npos) {
      spec.align = text[pos++];
    }
    const auto at = [&](size_t p) { return p < text.size() ? text[p] : '\0'; };
    if (at(pos) == '+' || at(pos) == '-' || at(pos) == ' ') spec.sign = text[pos++];
    if (at(pos) == '#') spec.alternate = true, ++pos;
    if (at(pos) == '0') {
      ++pos;
      if (!spec.align) spec.align = '=', spec.fill = "0";
    }
    spec.width = std::max<int64_t>(0, ReadNumber(rt_, text, &pos));
    if (at(pos) == ',' || at(pos) == '_') spec.separator = text[pos++];
    if (at(pos) == '.') {
      ++pos;
      spec.precision = ReadNumber(rt_, text, &pos);
      if (spec.precision < 0) rt_.Fail("a format lacks its precision");
    }
    if (pos < text.size()) spec.type = text[pos++];
    if (pos != text.size()) rt_.Fail("invalid format specifier");
    return spec;
  }

  void Add(const Value& value, std::string_view spec_text) {
    if (spec_text.empty()) return out_.Add(Text(rt_, value));
    const Spec spec = ParseSpec(spec_text);
    if (value.IsString()) {
      if ((spec.type && spec.type != 's') || spec.align == '=' || spec.sign != '-') rt_.Fail("a format for numbers was given a string");
      return AddText(&out_, spec, value.text());
    }
    if (!value.IsNumber()) rt_.Fail("unsupported format for a value of type " + std::string(TypeName(value)));
    const std::string_view types = value.Is(Kind::kFloat) ? "eEfFgG%" : "bdoxXneEfFgG%";
    if (spec.type && types.find(spec.type) == std::string_view::npos)
      rt_.Fail("unknown format code for a value of type " + std::string(TypeName(value)));
    if (!value.Is(Kind::kFloat) && spec.precision >= 0 &&
        (!spec.type || std::string_view("bdoxXn").find(spec.type) != std::string_view::npos)) {
      rt_.Fail("precision is not allowed for integers");
    }
    AddNumber(&out_, spec, value);
  }

  Evaluator& eval_;
  Runtime& rt_;
  TextBuilder out_;
  std::string_view format_;
  const Arguments& arguments_;
  int64_t next_ = 0;
};

}  // namespace

Value PercentFormat(Runtime& rt, std::string_view format, const Value& value) {
  return Percent(rt, format, value).Run();
}

Value BraceFormat(Evaluator& eval, std::string_view format, const Arguments& arguments) {
  return Brace(eval, format, arguments).Run();
}

}  // namespace tradewind::jinja
