// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// logprobs: log-probabilities of given token ids by llama.cpp, as an oracle for our engine. Links libllama (see build-logprobs);
// no part of Tradewind links this file. Each sequence runs from position 0 with the ids taken as they are (no BOS added).
//
//   logprobs -m MODEL.gguf -i IN.bin -o OUT.bin [-t 2] [-k f32|f16|bf16|q8_0] [-v f32|...] [--fa on|off|auto]
//   logprobs -m MODEL.gguf -i IN.bin -o OUT.bin --windows 512 --chunks 20   (perplexity as llama-perplexity defines it)
//   logprobs ... --lora ADAPTER.gguf --lora-scale 0.7   (with an adapter)
//   logprobs ... --pooling mean|cls|last   (OUT: the vector of each sequence as text, one a line)
//
// IN and OUT have the format of tests/llm/golden/README.md: "TWGL", int32 1, int32 n, int32 length[n], int32 ids[], float logp[].
// What follows the ids in IN is ignored, so that a golden file is itself a valid input.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "llama.h"

namespace {

constexpr int32_t kFormatVersion = 1;
constexpr char kMagic[4] = {'T', 'W', 'G', 'L'};
constexpr int64_t kMaxSequences = 4096;
constexpr int64_t kMaxTokens = 4 << 20;

struct Options {
  std::string model, input, output, top1, lora;
  float lora_scale = 1;
  enum llama_pooling_type pooling = LLAMA_POOLING_TYPE_UNSPECIFIED;  // given: writes the sequences' vectors, one a line, in place of log p
  int threads = 2;
  int ubatch = 512;
  ggml_type type_k = GGML_TYPE_F16;
  ggml_type type_v = GGML_TYPE_F16;
  llama_flash_attn_type flash = LLAMA_FLASH_ATTN_TYPE_AUTO;
  int windows = 0;  // 0: the sequences as they are; else the first sequence is a stream, cut into windows of this length
  int chunks = -1;
};

struct Sequence {
  std::vector<llama_token> ids;
  size_t first = 0;  // the first position whose next token is scored
};

[[noreturn]] void Die(const std::string& message) {
  std::fprintf(stderr, "logprobs: %s\n", message.c_str());
  std::exit(2);
}

template <typename T>
T Choose(const std::map<std::string, T>& choices, const std::string& flag, const std::string& value) {
  const auto found = choices.find(value);
  if (found == choices.end()) Die(flag + " does not know " + value);
  return found->second;
}

Options ParseOptions(int argc, char** argv) {
  const std::map<std::string, ggml_type> types = {
      {"f32", GGML_TYPE_F32}, {"f16", GGML_TYPE_F16}, {"bf16", GGML_TYPE_BF16}, {"q8_0", GGML_TYPE_Q8_0}};
  const std::map<std::string, llama_flash_attn_type> flashes = {
      {"on", LLAMA_FLASH_ATTN_TYPE_ENABLED}, {"off", LLAMA_FLASH_ATTN_TYPE_DISABLED}, {"auto", LLAMA_FLASH_ATTN_TYPE_AUTO}};
  const std::map<std::string, enum llama_pooling_type> poolings = {
      {"mean", LLAMA_POOLING_TYPE_MEAN}, {"cls", LLAMA_POOLING_TYPE_CLS}, {"last", LLAMA_POOLING_TYPE_LAST}};
  Options o;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 >= argc) Die(flag + " needs a value");
    const std::string value = argv[i + 1];
    if (flag == "-m")
      o.model = value;
    else if (flag == "-i")
      o.input = value;
    else if (flag == "-o")
      o.output = value;
    else if (flag == "--top1")
      o.top1 = value;
    else if (flag == "--lora")
      o.lora = value;
    else if (flag == "--lora-scale")
      o.lora_scale = std::strtof(value.c_str(), nullptr);
    else if (flag == "--pooling")
      o.pooling = Choose(poolings, flag, value);
    else if (flag == "-t")
      o.threads = std::atoi(value.c_str());
    else if (flag == "-ub")
      o.ubatch = std::atoi(value.c_str());
    else if (flag == "-k")
      o.type_k = Choose(types, flag, value);
    else if (flag == "-v")
      o.type_v = Choose(types, flag, value);
    else if (flag == "--fa")
      o.flash = Choose(flashes, flag, value);
    else if (flag == "--windows")
      o.windows = std::atoi(value.c_str());
    else if (flag == "--chunks")
      o.chunks = std::atoi(value.c_str());
    else
      Die("unknown flag " + flag);
  }
  if (o.model.empty() || o.input.empty() || o.output.empty()) Die("needs -m MODEL, -i IN and -o OUT");
  if (o.threads < 1 || o.ubatch < 1) Die("-t and -ub must be positive");
  return o;
}

std::vector<int32_t> ReadInts(std::ifstream& file, int64_t count, const std::string& path) {
  std::vector<int32_t> values(static_cast<size_t>(count));
  if (!file.read(reinterpret_cast<char*>(values.data()), count * 4)) Die(path + " ends before its ids do");
  return values;
}

std::vector<Sequence> ReadSequences(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char magic[4] = {};
  if (!file.read(magic, 4) || std::memcmp(magic, kMagic, 4) != 0) Die(path + " does not begin with TWGL");
  const std::vector<int32_t> head = ReadInts(file, 2, path);
  if (head[0] != kFormatVersion || head[1] < 1 || head[1] > kMaxSequences) Die(path + " has another version or no sequences");
  const std::vector<int32_t> lengths = ReadInts(file, head[1], path);
  std::vector<Sequence> sequences;
  int64_t total = 0;
  for (const int32_t length : lengths) {
    total += length;
    if (length < 2 || total > kMaxTokens) Die(path + " has a sequence of a length out of range");
    sequences.push_back({ReadInts(file, length, path), 0});
  }
  return sequences;
}

// llama-perplexity's windows: consecutive stretches of the stream; the first id of each is replaced by BOS where the model adds one;
// the tokens after the middle position are scored.
std::vector<Sequence> CutWindows(const std::vector<llama_token>& stream, const Options& o, const llama_vocab* vocab) {
  const size_t width = static_cast<size_t>(o.windows);
  size_t count = stream.size() / width;
  if (o.chunks >= 0) count = std::min(count, static_cast<size_t>(o.chunks));
  std::vector<Sequence> windows;
  for (size_t i = 0; i < count; ++i) {
    const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(i * width);
    Sequence window{{begin, begin + o.windows}, width / 2};
    if (llama_vocab_get_add_bos(vocab)) window.ids[0] = llama_vocab_bos(vocab);
    windows.push_back(std::move(window));
  }
  return windows;
}

double LogSoftmaxAt(const float* logits, int n_vocab, llama_token id) {
  const double max = *std::max_element(logits, logits + n_vocab);
  double sum = 0;
  for (int i = 0; i < n_vocab; ++i) sum += std::exp(static_cast<double>(logits[i]) - max);
  return static_cast<double>(logits[id]) - max - std::log(sum);
}

class Scorer {
 public:
  Scorer(llama_context* context, int n_vocab, int n_batch) : context_(context), n_vocab_(n_vocab), n_batch_(n_batch) {
    batch_ = llama_batch_init(n_batch, 0, 1);
  }
  ~Scorer() { llama_batch_free(batch_); }
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;

  void Score(const Sequence& sequence) {
    llama_memory_clear(llama_get_memory(context_), true);
    const std::vector<llama_token>& ids = sequence.ids;
    for (size_t start = 0; start < ids.size(); start += static_cast<size_t>(n_batch_)) {
      const size_t count = std::min(static_cast<size_t>(n_batch_), ids.size() - start);
      FillBatch(sequence, start, count);
      if (llama_decode(context_, batch_) != 0) Die("llama_decode failed at position " + std::to_string(start));
      for (size_t i = 0; i < count; ++i) {
        if (batch_.logits[i] == 0) continue;
        const float* logits = llama_get_logits_ith(context_, static_cast<int32_t>(i));
        logp.push_back(LogSoftmaxAt(logits, n_vocab_, ids[start + i + 1]));
        top1.push_back(static_cast<int32_t>(std::max_element(logits, logits + n_vocab_) - logits));
      }
    }
  }

  std::vector<double> logp;   // of each scored next token, in order
  std::vector<int32_t> top1;  // the likeliest id at the same places

 private:
  void FillBatch(const Sequence& sequence, size_t start, size_t count) {
    batch_.n_tokens = static_cast<int32_t>(count);
    for (size_t i = 0; i < count; ++i) {
      const size_t position = start + i;
      batch_.token[i] = sequence.ids[position];
      batch_.pos[i] = static_cast<llama_pos>(position);
      batch_.n_seq_id[i] = 1;
      batch_.seq_id[i][0] = 0;
      batch_.logits[i] = position >= sequence.first && position + 1 < sequence.ids.size() ? 1 : 0;
    }
  }

  llama_context* context_;
  int n_vocab_;
  int n_batch_;
  llama_batch batch_ = {};
};

void WriteOutput(const std::string& path, const std::vector<Sequence>& sequences, const std::vector<double>& logp) {
  std::ofstream file(path, std::ios::binary);
  const auto put = [&file](const void* data, size_t bytes) {
    file.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  };
  const int32_t head[2] = {kFormatVersion, static_cast<int32_t>(sequences.size())};
  put(kMagic, 4);
  put(head, sizeof(head));
  for (const Sequence& sequence : sequences) {
    const auto length = static_cast<int32_t>(sequence.ids.size());
    put(&length, 4);
  }
  for (const Sequence& sequence : sequences) put(sequence.ids.data(), sequence.ids.size() * 4);
  const std::vector<float> narrow(logp.begin(), logp.end());
  put(narrow.data(), narrow.size() * 4);
  if (!file.flush()) Die("cannot write " + path);
}

llama_context* OpenContext(llama_model* model, const Options& o, const std::vector<Sequence>& sequences) {
  size_t longest = 0;
  for (const Sequence& sequence : sequences) longest = std::max(longest, sequence.ids.size());
  llama_context_params params = llama_context_default_params();
  params.n_ctx = static_cast<uint32_t>((longest + 255) / 256 * 256);
  params.n_batch = static_cast<uint32_t>(o.ubatch);
  params.n_ubatch = static_cast<uint32_t>(o.ubatch);
  params.n_outputs_max_per_seq = static_cast<uint32_t>(o.ubatch);
  params.n_threads = o.threads;
  params.n_threads_batch = o.threads;
  params.flash_attn_type = o.flash;
  params.type_k = o.type_k;
  params.type_v = o.type_v;
  params.swa_full = false;  // as llama.cpp's own tools
  if (o.pooling != LLAMA_POOLING_TYPE_UNSPECIFIED) {
    params.embeddings = true;
    params.pooling_type = o.pooling;
    params.n_batch = params.n_ubatch = params.n_ctx;  // an encoder takes a text whole
  }
  llama_context* context = llama_init_from_model(model, params);
  if (context == nullptr) Die("llama.cpp refused the context (quantised V needs flash attention)");
  return context;
}

void ApplyAdapter(llama_model* model, llama_context* context, const Options& o) {
  if (o.lora.empty()) return;
  llama_adapter_lora* adapter = llama_adapter_lora_init(model, o.lora.c_str());
  float scale = o.lora_scale;
  if (adapter == nullptr || llama_set_adapters_lora(context, &adapter, 1, &scale) != 0) Die("llama.cpp refused the adapter " + o.lora);
}

// Each sequence's pooled vector as llama.cpp gives it, one a line.
void WriteVectors(const std::string& path, llama_context* context, const std::vector<Sequence>& sequences, int width) {
  std::ofstream file(path);
  file.precision(9);
  for (const Sequence& sequence : sequences) {
    std::vector<llama_token> ids = sequence.ids;
    llama_batch batch = llama_batch_get_one(ids.data(), static_cast<int32_t>(ids.size()));
    if (llama_memory_t memory = llama_get_memory(context)) llama_memory_clear(memory, true);
    if ((llama_get_memory(context) != nullptr ? llama_decode(context, batch) : llama_encode(context, batch)) != 0) Die("llama.cpp failed");
    const float* vector = llama_get_embeddings_seq(context, 0);
    if (vector == nullptr) Die("llama.cpp gave no vector");
    for (int i = 0; i < width; ++i) file << vector[i] << (i + 1 < width ? ' ' : '\n');
  }
  if (!file.flush()) Die("cannot write " + path);
}

void Quiet(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR || std::strstr(text, "lash") != nullptr) std::fputs(text, stderr);
}

}  // namespace

int main(int argc, char** argv) {
  const Options o = ParseOptions(argc, argv);
  llama_log_set(Quiet, nullptr);
  llama_backend_init();
  llama_model* model = llama_model_load_from_file(o.model.c_str(), llama_model_default_params());
  if (model == nullptr) Die("cannot load " + o.model);
  const llama_vocab* vocab = llama_model_get_vocab(model);
  std::vector<Sequence> sequences = ReadSequences(o.input);
  if (o.windows > 0) sequences = CutWindows(sequences[0].ids, o, vocab);
  if (sequences.empty()) Die(o.input + " is shorter than one window");
  for (const Sequence& sequence : sequences)
    for (const llama_token id : sequence.ids)
      if (id < 0 || id >= llama_vocab_n_tokens(vocab)) Die(o.input + " has an id outside the vocabulary of " + o.model);

  llama_context* context = OpenContext(model, o, sequences);
  ApplyAdapter(model, context, o);
  if (o.pooling != LLAMA_POOLING_TYPE_UNSPECIFIED) {
    WriteVectors(o.output, context, sequences, llama_model_n_embd(model));
    return 0;
  }
  double total = 0;
  size_t positions = 0;
  {
    Scorer scorer(context, llama_vocab_n_tokens(vocab), o.ubatch);
    for (size_t i = 0; i < sequences.size(); ++i) {
      scorer.Score(sequences[i]);
      std::fprintf(stderr, "logprobs: %zu of %zu sequences\n", i + 1, sequences.size());
    }
    WriteOutput(o.output, sequences, scorer.logp);
    if (!o.top1.empty()) {
      std::ofstream file(o.top1, std::ios::binary);
      file.write(reinterpret_cast<const char*>(scorer.top1.data()), static_cast<std::streamsize>(scorer.top1.size() * 4));
      if (!file.flush()) Die("cannot write " + o.top1);
    }
    for (const double value : scorer.logp) total += value;
    positions = scorer.logp.size();
  }
  const double nll = -total / static_cast<double>(positions);
  std::printf("{\"positions\": %zu, \"nll\": %.9f, \"perplexity\": %.9f}\n", positions, nll, std::exp(nll));
  llama_free(context);
  llama_model_free(model);
  llama_backend_free();
}
