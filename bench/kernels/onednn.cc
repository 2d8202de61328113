// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How fast oneDNN multiplies the matrices of matmul_bench on one thread: the yardstick of a blocked product. Its integer product has int8
// activations and weights and one scale for each output, where ours has one for each 32 columns. Best of several runs.
//
//   onednn [rows of activations]...
#include <omp.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

namespace {

using dnnl::memory;

constexpr int64_t kCols = 2048;
constexpr int64_t kMatrixRows = 1024;
constexpr int kRepeats = 7;

// This thread's processor time: time that others took is not counted.
double Seconds() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// GOPS (2 a multiply-add) of out[rows, kMatrixRows] = x[rows, kCols] * w[kCols, kMatrixRows], the weights in the layout that oneDNN asks
// for.
double Gops(dnnl::engine& engine, dnnl::stream& stream, int64_t rows, memory::data_type x_type, memory::data_type w_type) {
  const memory::desc x({rows, kCols}, x_type, memory::format_tag::ab);
  const memory::desc w({kCols, kMatrixRows}, w_type, memory::format_tag::any);
  const memory::desc out({rows, kMatrixRows}, memory::data_type::f32, memory::format_tag::ab);
  dnnl::primitive_attr attributes;
  if (x_type != memory::data_type::f32) attributes.set_output_scales(1 << 1, std::vector<float>(kMatrixRows, 0.01F));
  const dnnl::matmul::primitive_desc chosen(dnnl::matmul::desc(x, w, out), attributes, engine);
  memory x_memory(chosen.src_desc(), engine);
  memory w_memory(chosen.weights_desc(), engine);
  memory out_memory(chosen.dst_desc(), engine);
  for (memory* m : {&x_memory, &w_memory}) {
    auto* bytes = static_cast<uint8_t*>(m->get_data_handle());
    for (size_t i = 0; i < m->get_desc().get_size(); ++i) bytes[i] = static_cast<uint8_t>(i * 2654435761U >> 24 & 0x3B);
  }
  const dnnl::matmul product(chosen);
  double best = 1e9;
  for (int i = 0; i <= kRepeats; ++i) {
    const double start = Seconds();
    product.execute(stream, {{DNNL_ARG_SRC, x_memory}, {DNNL_ARG_WEIGHTS, w_memory}, {DNNL_ARG_DST, out_memory}});
    stream.wait();
    if (i > 0) best = std::min(best, Seconds() - start);
  }
  return 2.0 * static_cast<double>(rows * kMatrixRows * kCols) / best * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int64_t> many_rows;
  for (int i = 1; i < argc; ++i) many_rows.push_back(std::atol(argv[i]));
  if (many_rows.empty()) many_rows = {8, 32, 128, 512};
  if (*std::min_element(many_rows.begin(), many_rows.end()) < 1) {
    std::fprintf(stderr, "onednn: rows of activations are positive numbers\n");
    return 2;
  }
  omp_set_num_threads(1);  // the clock counts this thread alone
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const dnnl_version_t* version = dnnl_version();
  std::printf("oneDNN %d.%d.%d, one thread; weights %ldx%ld\n", version->major, version->minor, version->patch,
              static_cast<long>(kMatrixRows), static_cast<long>(kCols));
  using Type = memory::data_type;
  for (const auto& [name, x_type, w_type] :
       {std::tuple{"u8s8", Type::u8, Type::s8}, {"s8s8", Type::s8, Type::s8}, {"f32", Type::f32, Type::f32}}) {
    std::printf("%-6s", name);
    for (const int64_t rows : many_rows)
      std::printf("  M=%ld %6.1f GOPS", static_cast<long>(rows), Gops(engine, stream, rows, x_type, w_type));
    std::printf("\n");
  }
  return 0;
}
