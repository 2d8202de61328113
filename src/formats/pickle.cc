// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The machine of Python's pickles, protocols 0 to 4 as PyTorch writes them: a stack of values, marks on it, and a memo.
#include "formats/pickle.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

namespace tradewind {
namespace {

// The opcodes' letters, as Python's pickletools lists them.
enum Opcode : uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersistentId = 'Q',
  kReduce = 'R',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kEmptyList = ']',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kEmptyDict = '}',
  kShortBinString = 'U',
  kBinString = 'T',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kProtocol = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8A,
  kShortBinUnicode = 0x8C,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

std::string Hexadecimal(uint8_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {kDigits[value >> 4], kDigits[value & 15]};
}

}  // namespace

class PickleReader {
 public:
  PickleReader(std::span<const std::byte> bytes, uint64_t offset, const std::string& source, Pickle& out)
      : bytes_(bytes.first(std::min<uint64_t>(bytes.size(), PickleLimits::kBytes))), base_(offset), source_(source), out_(out) {}

  Result<void> Read() {
    while (true) {
      start_ = at_;
      TW_ASSIGN(const uint8_t opcode, Number<uint8_t>());
      if (opcode == kStop) break;
      TW_RETURN_IF_ERROR(Run(opcode));
      if (out_.values_.size() > PickleLimits::kValues) return Bad("it has more than " + std::to_string(PickleLimits::kValues) + " values");
    }
    TW_ASSIGN(out_.root_, Pop());
    out_.size_ = at_;
    return {};
  }

 private:
  tl::unexpected<Status> Bad(const std::string& problem, StatusCode code = StatusCode::kInvalidInput) const {
    return Fail(Status(code, source_ + ": " + problem).At("pickle", base_ + start_));
  }

  Result<std::string_view> Text(uint64_t length) {
    if (length > bytes_.size() - at_)
      return Bad("it is cut short, or over " + std::to_string(PickleLimits::kBytes) + " bytes; fetch the file again");
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()) + at_, length);
    at_ += length;
    return text;
  }
  template <typename T>
  Result<T> Number() {
    TW_ASSIGN(const std::string_view raw, Text(sizeof(T)));
    T value;
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }
  Result<std::string_view> Line() {
    const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + at_;
    const std::string_view rest(begin, bytes_.size() - at_);
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) return Bad("a line has no end; fetch the file again");
    at_ += end + 1;
    return rest.substr(0, end);
  }

  void Push(PickleValue value) {
    stack_.push_back(static_cast<uint32_t>(out_.values_.size()));
    out_.values_.push_back(std::move(value));
  }
  Result<uint32_t> Pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) return Bad("it takes a value where there is none: the file is damaged");
    const uint32_t top = stack_.back();
    stack_.pop_back();
    return top;
  }
  // The values down to the last mark, which goes with them.
  Result<std::vector<uint32_t>> PopToMark() {
    if (marks_.empty()) return Bad("it goes back to a mark where there is none: the file is damaged");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<uint32_t> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }
  Result<std::vector<uint32_t>> PopSome(int count) {
    std::vector<uint32_t> items(static_cast<size_t>(count));
    for (int i = count; i-- > 0;) {
      TW_ASSIGN(items[static_cast<size_t>(i)], Pop());
    }
    return items;
  }
  // Adds to the list or dictionary on top of the stack.
  Result<void> Extend(PickleKind kind, const std::vector<uint32_t>& items) {
    TW_ASSIGN(const uint32_t number, Pop());
    PickleValue& value = out_.values_[number];
    // What a call makes may be filled as well: an OrderedDict. Its entries stand behind its two items.
    if (value.kind != kind && value.kind != PickleKind::kCall) return Bad("it fills what is no list or dictionary: the file is damaged");
    if (kind == PickleKind::kDict && items.size() % 2 != 0) return Bad("a dictionary has a key without a value: the file is damaged");
    filled_ += items.size();
    if (filled_ > PickleLimits::kValues) return Bad("it has more than " + std::to_string(PickleLimits::kValues) + " values");
    value.items.insert(value.items.end(), items.begin(), items.end());
    stack_.push_back(number);
    return {};
  }
  Result<void> Remember(uint32_t slot) {
    if (stack_.empty()) return Bad("it remembers a value where there is none: the file is damaged");
    memo_[slot] = stack_.back();
    return {};
  }
  Result<void> Recall(uint32_t slot) {
    const auto found = memo_.find(slot);
    if (found == memo_.end()) return Bad("it recalls value " + std::to_string(slot) + ", which was never there: the file is damaged");
    stack_.push_back(found->second);
    if (stack_.size() > PickleLimits::kValues) return Bad("it has more than " + std::to_string(PickleLimits::kValues) + " values");
    return {};
  }
  void PushGlobal(std::string_view module, std::string_view name) {
    out_.names_.push_back(std::string(module) + " " + std::string(name));
    Push({.kind = PickleKind::kGlobal});
    global_names_.emplace_back(stack_.back(), out_.names_.size() - 1);
  }

 public:
  // Views of the names, once no more of them come.
  void NameGlobals() {
    for (const auto& [value, name] : global_names_) out_.values_[value].text = out_.names_[name];
  }

 private:
  Result<void> Run(uint8_t opcode);
  Result<void> RunNumber(uint8_t opcode);
  Result<void> RunText(uint8_t opcode);
  Result<void> RunContainer(uint8_t opcode);

  std::span<const std::byte> bytes_;
  uint64_t base_;
  const std::string& source_;
  Pickle& out_;
  uint64_t at_ = 0;
  uint64_t start_ = 0;  // of the opcode
  uint64_t filled_ = 0;
  std::vector<uint32_t> stack_;
  std::vector<size_t> marks_;  // stack sizes
  std::map<uint32_t, uint32_t> memo_;
  std::vector<std::pair<uint32_t, size_t>> global_names_;
};

Result<void> PickleReader::Run(uint8_t opcode) {
  switch (opcode) {
    case kProtocol: {
      TW_ASSIGN(const uint8_t protocol, Number<uint8_t>());
      if (protocol > 4) return Bad("protocol " + std::to_string(protocol) + " is not read here, only up to 4", StatusCode::kUnsupported);
      return {};
    }
    case kFrame: return Text(8).map([](std::string_view) {});
    case kMark:
      marks_.push_back(stack_.size());
      return marks_.size() <= PickleLimits::kValues ? Result<void>() : Bad("it has too many marks");
    case kPop: return Pop().map([](uint32_t) {});
    case kBinPut:
    case kLongBinPut: {
      uint32_t slot = 0;
      if (opcode == kBinPut) {
        TW_ASSIGN(slot, Number<uint8_t>());
      } else {
        TW_ASSIGN(slot, Number<uint32_t>());
      }
      return Remember(slot);
    }
    case kMemoize: return Remember(static_cast<uint32_t>(memo_.size()));
    case kBinGet:
    case kLongBinGet: {
      uint32_t slot = 0;
      if (opcode == kBinGet) {
        TW_ASSIGN(slot, Number<uint8_t>());
      } else {
        TW_ASSIGN(slot, Number<uint32_t>());
      }
      return Recall(slot);
    }
    case kNone: Push({}); return {};
    case kNewTrue: Push({.kind = PickleKind::kBool, .integer = 1}); return {};
    case kNewFalse: Push({.kind = PickleKind::kBool}); return {};
    case kBinInt:
    case kBinInt1:
    case kBinInt2:
    case kLong1:
    case kBinFloat: return RunNumber(opcode);
    case kBinUnicode:
    case kShortBinUnicode:
    case kShortBinString:
    case kBinString:
    case kBinBytes:
    case kShortBinBytes:
    case kGlobal:
    case kStackGlobal: return RunText(opcode);
    default: return RunContainer(opcode);
  }
}

Result<void> PickleReader::RunNumber(uint8_t opcode) {
  PickleValue value{.kind = PickleKind::kInteger};
  if (opcode == kBinInt) {
    TW_ASSIGN(value.integer, Number<int32_t>());
  } else if (opcode == kBinInt1) {
    TW_ASSIGN(value.integer, Number<uint8_t>());
  } else if (opcode == kBinInt2) {
    TW_ASSIGN(value.integer, Number<uint16_t>());
  } else if (opcode == kBinFloat) {  // big-endian, the only one
    TW_ASSIGN(const uint64_t bits, Number<uint64_t>());
    value.kind = PickleKind::kReal;
    value.real = std::bit_cast<double>(__builtin_bswap64(bits));
  } else {
    TW_ASSIGN(const uint8_t length, Number<uint8_t>());
    TW_ASSIGN(const std::string_view raw, Text(length));
    if (length > sizeof(int64_t)) {
      value.kind = PickleKind::kText;
      value.text = raw;
    } else if (length > 0) {
      std::memcpy(&value.integer, raw.data(), length);
      const int unused = 64 - 8 * length;  // the last byte's sign fills them
      value.integer = static_cast<int64_t>(static_cast<uint64_t>(value.integer) << unused) >> unused;
    }
  }
  Push(std::move(value));
  return {};
}

Result<void> PickleReader::RunText(uint8_t opcode) {
  if (opcode == kGlobal) {
    TW_ASSIGN(const std::string_view module, Line());
    TW_ASSIGN(const std::string_view name, Line());
    PushGlobal(module, name);
    return {};
  }
  if (opcode == kStackGlobal) {
    TW_ASSIGN(const auto parts, PopSome(2));
    PushGlobal(out_.values_[parts[0]].text, out_.values_[parts[1]].text);
    return {};
  }
  uint32_t length = 0;
  if (opcode == kBinUnicode || opcode == kBinString || opcode == kBinBytes) {
    TW_ASSIGN(length, Number<uint32_t>());
  } else {
    TW_ASSIGN(length, Number<uint8_t>());
  }
  TW_ASSIGN(const std::string_view text, Text(length));
  Push({.kind = PickleKind::kText, .text = text});
  return {};
}

Result<void> PickleReader::RunContainer(uint8_t opcode) {
  PickleValue value{.kind = PickleKind::kTuple};
  switch (opcode) {
    case kEmptyTuple: break;
    case kTuple1:
    case kTuple2:
    case kTuple3: {
      TW_ASSIGN(value.items, PopSome(opcode - kTuple1 + 1));
      break;
    }
    case kTuple: {
      TW_ASSIGN(value.items, PopToMark());
      break;
    }
    case kEmptyList: value.kind = PickleKind::kList; break;
    case kEmptyDict: value.kind = PickleKind::kDict; break;
    case kAppend:
    case kSetItem: {
      TW_ASSIGN(const auto items, PopSome(opcode == kAppend ? 1 : 2));
      return Extend(opcode == kAppend ? PickleKind::kList : PickleKind::kDict, items);
    }
    case kAppends:
    case kSetItems: {
      TW_ASSIGN(const auto items, PopToMark());
      return Extend(opcode == kAppends ? PickleKind::kList : PickleKind::kDict, items);
    }
    case kReduce: {
      value.kind = PickleKind::kCall;
      TW_ASSIGN(value.items, PopSome(2));
      break;
    }
    case kBinPersistentId: {
      value.kind = PickleKind::kPersistent;
      TW_ASSIGN(value.items, PopSome(1));
      break;
    }
    case kBuild: return Pop().map([](uint32_t) {});  // an object's state, which is of no use without the object
    default:
      return Bad("opcode 0x" + Hexadecimal(opcode) + " is not read here: files of weights alone do without it; save the state_dict",
                 StatusCode::kUnsupported);
  }
  Push(std::move(value));
  return {};
}

Result<Pickle> Pickle::Read(std::span<const std::byte> bytes, uint64_t offset, const std::string& source) {
  Pickle pickle;
  PickleReader reader(bytes, offset, source, pickle);
  TW_RETURN_IF_ERROR(reader.Read());
  reader.NameGlobals();
  return pickle;
}

}  // namespace tradewind
