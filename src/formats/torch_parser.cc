// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/torch_parser.h"

#include <zip.h>

#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "formats/gguf_text.h"

namespace tradewind {
namespace {

struct StorageType {
  std::string_view name;
  uint64_t bytes;
};
constexpr StorageType kStorageTypes[] = {{"Float", 4}, {"Double", 8}, {"Half", 2}, {"BFloat16", 2}, {"Long", 8},
                                         {"Int", 4},   {"Short", 2},  {"Char", 1}, {"Byte", 1},     {"Bool", 1}};
// The second pickle of a file before PyTorch 1.6 is this number; the first holds a magic one.
constexpr int64_t kLegacyVersion = 1001;
constexpr std::string_view kZipMagic = "PK\x03\x04";

uint64_t BytesOf(std::string_view type) {
  const auto* found =
      std::find_if(std::begin(kStorageTypes), std::end(kStorageTypes), [&](const StorageType& t) { return t.name == type; });
  return found == std::end(kStorageTypes) ? 0 : found->bytes;
}

// The values of a dictionary with texts for keys: of an ordered one, behind the call's own two items.
std::span<const uint32_t> EntriesOf(const Pickle& pickle, const PickleValue& value) {
  if (value.kind == PickleKind::kDict) return value.items;
  if (value.kind == PickleKind::kCall && pickle.value(value.items[0]).text == "collections OrderedDict")
    return std::span(value.items).subspan(2);
  return {};
}

// libzip's handles, closed with what holds them.
struct ZipCloser {
  void operator()(zip_t* zip) const { zip_discard(zip); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Zip = std::unique_ptr<zip_t, ZipCloser>;

Result<std::shared_ptr<const std::vector<std::byte>>> ReadEntry(zip_t* zip, const std::string& entry, uint64_t limit) {
  zip_stat_t info;
  zip_stat_init(&info);
  if (zip_stat(zip, entry.c_str(), 0, &info) != 0 || (info.valid & ZIP_STAT_SIZE) == 0)
    return Fail(StatusCode::kInvalidInput, "the archive has no entry " + Quoted(entry));
  if (info.size > limit)
    return Fail(StatusCode::kInvalidInput,
                "entry " + Quoted(entry) + " of " + std::to_string(info.size) + " bytes is over the limit of " + std::to_string(limit));
  if ((info.valid & ZIP_STAT_COMP_METHOD) == 0 || info.comp_method != ZIP_CM_STORE)
    return Fail(StatusCode::kUnsupported, "entry " + Quoted(entry) + " is compressed, which PyTorch's archives are not");
  const std::unique_ptr<zip_file_t, ZipCloser> file(zip_fopen(zip, entry.c_str(), 0));
  auto bytes = std::make_shared<std::vector<std::byte>>(info.size);
  if (!file || zip_fread(file.get(), bytes->data(), bytes->size()) != static_cast<zip_int64_t>(bytes->size()))
    return Fail(StatusCode::kInvalidInput, "entry " + Quoted(entry) + " cannot be read: the file is cut short or damaged; fetch it again");
  return std::shared_ptr<const std::vector<std::byte>>(std::move(bytes));
}

}  // namespace

Result<void> TorchParser::Parse(std::span<const std::byte> bytes, TorchFile& out) {
  TorchParser parser(bytes, out);
  const bool archive = bytes.size() >= kZipMagic.size() && std::memcmp(bytes.data(), kZipMagic.data(), kZipMagic.size()) == 0;
  return archive ? parser.ParseArchive() : parser.ParseLegacy();
}

tl::unexpected<Status> TorchParser::Bad(std::string_view where, std::string problem, StatusCode code) const {
  return Fail(Status(code, out_.source_ + ": " + std::move(problem)).At(std::string(where)));
}

// Five pickles (a magic number, a version, the machine's sizes, the object, the storages' keys in order), then each storage: its count of
// elements and they themselves.
Result<void> TorchParser::ParseLegacy() {
  uint64_t at = 0;
  const auto next = [&]() -> Result<Pickle> {
    TW_ASSIGN(Pickle pickle, Pickle::Read(bytes_.subspan(at), at, out_.source_));
    at += pickle.size_bytes();
    return pickle;
  };
  TW_ASSIGN(const Pickle magic, next());
  TW_ASSIGN(const Pickle version, next());
  if (version.root().kind != PickleKind::kInteger || version.root().integer != kLegacyVersion)
    return Bad("version", "this is no file of PyTorch's, or of a version that is not read here; save the state_dict again");
  TW_ASSIGN(const Pickle sizes, next());
  TW_ASSIGN(const Pickle object, next());
  TW_RETURN_IF_ERROR(Collect(object));
  TW_ASSIGN(const Pickle keys, next());
  if (keys.root().kind != PickleKind::kList) return Bad("storages", "the list of storages is missing: the file is damaged");
  for (const uint32_t number : keys.root().items) {
    const std::string key(keys.value(number).text);
    const auto found = storages_.find(key);
    if (found == storages_.end()) return Bad("storage " + Quoted(key), "the object knows nothing of it: the file is damaged");
    Storage& storage = found->second;
    uint64_t count = 0;
    if (bytes_.size() - at < sizeof(count)) return Bad("storage " + Quoted(key), "the file is cut short; fetch it again");
    std::memcpy(&count, bytes_.data() + at, sizeof(count));
    at += sizeof(count);
    if (count != storage.elements)
      return Bad("storage " + Quoted(key), "it has " + std::to_string(count) + " elements where " + std::to_string(storage.elements) +
                                               " are due: the file is damaged");
    const uint64_t size = count * BytesOf(storage.type);  // Collect bounded it
    if (size > bytes_.size() - at) return Bad("storage " + Quoted(key), "the file is cut short; fetch it again");
    storage.data = bytes_.subspan(at, size);
    at += size;
  }
  return Place();
}

Result<void> TorchParser::ParseArchive() {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &error);
  const Zip zip(source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error));
  if (!zip) {
    if (source != nullptr) zip_source_free(source);
    return Bad("archive", "this zip archive is cut short or damaged; fetch it again");
  }
  std::string folder;
  for (zip_int64_t i = 0; i < zip_get_num_entries(zip.get(), 0); ++i) {
    const char* name = zip_get_name(zip.get(), static_cast<zip_uint64_t>(i), 0);
    const std::string_view entry = name == nullptr ? "" : name;
    if (entry.ends_with("/data.pkl") && std::count(entry.begin(), entry.end(), '/') == 1) folder = entry.substr(0, entry.size() - 8);
  }
  if (folder.empty()) return Bad("archive", "there is no data.pkl in it: this is no file of PyTorch's weights");
  const auto read = [&](const std::string& entry, uint64_t limit) -> Result<std::span<const std::byte>> {
    auto bytes = ReadEntry(zip.get(), folder + entry, limit);
    if (!bytes) return Bad(entry, bytes.error().message(), bytes.error().code());
    out_.keepers_.push_back(*bytes);
    return std::span<const std::byte>(**bytes);
  };
  TW_ASSIGN(const auto pickle_bytes, read("data.pkl", PickleLimits::kBytes));
  TW_ASSIGN(const Pickle object, Pickle::Read(pickle_bytes, 0, out_.source_));
  TW_RETURN_IF_ERROR(Collect(object));
  uint64_t left = bytes_.size();  // entries are not compressed
  for (auto& [key, storage] : storages_) {
    TW_ASSIGN(storage.data, read("data/" + key, left));
    left -= storage.data.size();
    if (storage.data.size() != storage.elements * BytesOf(storage.type))
      return Bad("data/" + key, "it has " + std::to_string(storage.data.size()) + " bytes where " + std::to_string(storage.elements) +
                                    " elements of " + storage.type + " are due");
  }
  return Place();
}

Result<void> TorchParser::Collect(const Pickle& pickle) {
  struct Waiting {
    const PickleValue* value;
    std::string prefix;
    int depth;
  };
  std::vector<Waiting> waiting{{&pickle.root(), "", 0}};
  uint64_t entries = 0;
  while (!waiting.empty()) {
    const Waiting now = std::move(waiting.back());
    waiting.pop_back();
    const auto items = EntriesOf(pickle, *now.value);
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      const PickleValue& key = pickle.value(items[i]);
      const PickleValue& value = pickle.value(items[i + 1]);
      if (key.kind != PickleKind::kText) continue;
      std::string name = now.prefix + std::string(key.text);
      if (++entries > 4 * TorchLimits::kTensors || name.size() > TorchLimits::kNameBytes)
        return Bad(Quoted(name), "there are too many entries, or their names are too long");
      const bool dictionary = value.kind == PickleKind::kDict || !EntriesOf(pickle, value).empty();
      if (dictionary) {
        if (now.depth == TorchLimits::kDepth)
          return Bad(Quoted(name), "dictionaries lie more than " + std::to_string(TorchLimits::kDepth) + " deep in each other");
        waiting.push_back({&value, name + ".", now.depth + 1});
      } else if (value.kind == PickleKind::kCall) {
        TW_RETURN_IF_ERROR(CollectTensor(pickle, value, std::move(name)));
      }
    }
  }
  if (claims_.empty()) return Bad("object", "there are no tensors in it; save the model's state_dict");
  return {};
}

Result<void> TorchParser::CollectTensor(const Pickle& pickle, const PickleValue& call, std::string name) {
  const std::string_view callee = pickle.value(call.items[0]).text;
  const std::vector<uint32_t>& arguments = pickle.value(call.items[1]).items;
  if (callee == "torch._utils _rebuild_parameter" && !arguments.empty()) {
    const PickleValue& inner = pickle.value(arguments[0]);
    const bool tensor = inner.kind == PickleKind::kCall && pickle.value(inner.items[0]).text.starts_with("torch._utils _rebuild_tensor");
    return tensor ? CollectTensor(pickle, inner, std::move(name)) : Bad(Quoted(name), "a parameter holds no tensor: the file is damaged");
  }
  if (callee == "collections OrderedDict") return {};  // an empty one
  if (callee != "torch._utils _rebuild_tensor" && callee != "torch._utils _rebuild_tensor_v2")
    return Bad(Quoted(name), "the file asks to call " + Quoted(callee) + ", which is not done here; save the state_dict",
               StatusCode::kUnsupported);
  if (arguments.size() < 4 || pickle.value(arguments[0]).kind != PickleKind::kPersistent || pickle.value(arguments[1]).integer < 0)
    return Bad(Quoted(name), "a tensor is not described as PyTorch does it: the file is damaged");
  Claim claim{.name = std::move(name), .first = static_cast<uint64_t>(pickle.value(arguments[1]).integer)};
  TW_ASSIGN(claim.storage, CollectStorage(pickle, pickle.value(arguments[0]), claim.name));
  TW_ASSIGN(claim.shape, Integers(pickle, arguments[2], claim.name));
  TW_ASSIGN(claim.strides, Integers(pickle, arguments[3], claim.name));
  if (claim.shape.size() != claim.strides.size())
    return Bad(Quoted(claim.name), "its shape and its strides do not fit each other: the file is damaged");
  if (claims_.size() == TorchLimits::kTensors)
    return Bad(Quoted(claim.name), "there are more than " + std::to_string(TorchLimits::kTensors) + " tensors");
  claims_.push_back(std::move(claim));
  return {};
}

// A persistent id: ("storage", its type, its key, where it was, its count of elements, ...).
Result<std::string> TorchParser::CollectStorage(const Pickle& pickle, const PickleValue& persistent, const std::string& name) {
  constexpr std::string_view kModule = "torch ";
  constexpr std::string_view kSuffix = "Storage";
  const std::vector<uint32_t>& id = pickle.value(persistent.items[0]).items;
  if (id.size() < 5 || pickle.value(id[0]).text != "storage")
    return Bad(Quoted(name), "its storage is not described as PyTorch does it: the file is damaged");
  std::string_view type = pickle.value(id[1]).text;
  if (type.starts_with(kModule)) type.remove_prefix(kModule.size());
  if (type.ends_with(kSuffix)) type.remove_suffix(kSuffix.size());
  const std::string key(pickle.value(id[2]).text);
  const int64_t elements = pickle.value(id[4]).integer;
  const uint64_t size = BytesOf(type);
  if (size == 0) return Bad(Quoted(name), "a storage of type " + Quoted(type) + " is not read here", StatusCode::kUnsupported);
  if (elements < 0 || static_cast<uint64_t>(elements) > TorchLimits::kStorageBytes / size || key.size() > TorchLimits::kNameBytes)
    return Bad(Quoted(name), "its storage of " + std::to_string(elements) + " elements is over the limit");
  const auto [storage, added] = storages_.try_emplace(key, Storage{std::string(type), static_cast<uint64_t>(elements)});
  if (!added && (storage->second.type != type || storage->second.elements != static_cast<uint64_t>(elements)))
    return Bad(Quoted(name), "its storage " + Quoted(key) + " is described twice, and not alike: the file is damaged");
  return key;
}

Result<std::vector<int64_t>> TorchParser::Integers(const Pickle& pickle, uint32_t number, const std::string& name) const {
  const PickleValue& value = pickle.value(number);
  if (value.kind != PickleKind::kTuple || value.items.size() > TorchLimits::kDimensions)
    return Bad(Quoted(name), "its shape is not described as PyTorch does it, or has too many dimensions");
  std::vector<int64_t> out;
  for (const uint32_t item : value.items) {
    const PickleValue& dim = pickle.value(item);
    if (dim.kind != PickleKind::kInteger || dim.integer < 0)
      return Bad(Quoted(name), "a dimension or stride is no number from 0 up: the file is damaged");
    out.push_back(dim.integer);
  }
  return out;
}

// Cuts the tensors out of their storages.
Result<void> TorchParser::Place() {
  for (Claim& claim : claims_) {
    const Storage& storage = storages_.at(claim.storage);
    const uint64_t size = BytesOf(storage.type);
    CheckedU64 expected = 1;  // the stride of a dimension, from the last to the first, and at last the count of values
    bool rows = true;
    for (size_t behind = 0; behind < claim.shape.size(); ++behind) {
      const size_t i = claim.shape.size() - 1 - behind;
      rows = rows && (claim.shape[i] <= 1 || (expected && static_cast<uint64_t>(claim.strides[i]) == *expected));
      expected = CheckedMul(expected, static_cast<uint64_t>(claim.shape[i]));
    }
    if (!expected) return Bad(Quoted(claim.name), "the tensor's size overflows 64 bits");
    if (storage.data.size() / size < *expected || claim.first > storage.data.size() / size - *expected)
      return Bad(Quoted(claim.name), "the tensor reaches beyond its storage: the file is damaged");
    std::span<const std::byte> data = storage.data.subspan(claim.first * size, *expected * size);
    if (!rows && !data.empty()) {
      TW_ASSIGN(data, RowByRow(claim, data, size));
    }
    TorchTensor tensor{.type = storage.type, .shape = std::move(claim.shape), .data = data};
    if (!out_.tensors_.emplace(claim.name, std::move(tensor)).second) return Bad(Quoted(claim.name), "two tensors have this name");
  }
  return {};
}

Result<std::span<const std::byte>> TorchParser::RowByRow(const Claim& claim, std::span<const std::byte> data, uint64_t value_bytes) {
  const size_t rank = claim.shape.size();
  std::vector<size_t> order;  // of the dimensions that have more than one value, the innermost first
  for (size_t i = 0; i < rank; ++i) {
    if (claim.shape[i] > 1) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return claim.strides[a] < claim.strides[b]; });
  int64_t expected = 1;
  for (const size_t i : order) {
    if (claim.strides[i] != expected)
      return Bad(Quoted(claim.name), "the tensor has gaps or uses values twice; save it with .contiguous()", StatusCode::kUnsupported);
    expected *= claim.shape[i];
  }
  copied_bytes_ += data.size();
  if (copied_bytes_ > bytes_.size())
    return Bad(Quoted(claim.name), "tensors whose dimensions lie in another order are larger than the file; save them with .contiguous()");
  const auto copy = std::make_shared<std::vector<std::byte>>(data.size());
  std::vector<int64_t> at(rank, 0);
  uint64_t from = 0;
  for (uint64_t to = 0; to < data.size(); to += value_bytes) {
    std::memcpy(copy->data() + to, data.data() + from * value_bytes, value_bytes);
    for (size_t i = rank; i-- > 0;) {
      const auto stride = static_cast<uint64_t>(claim.strides[i]);
      from += stride;
      if (++at[i] < claim.shape[i]) break;
      from -= stride * static_cast<uint64_t>(claim.shape[i]);
      at[i] = 0;
    }
  }
  out_.keepers_.push_back(copy);
  return std::span<const std::byte>(*copy);
}

}  // namespace tradewind
