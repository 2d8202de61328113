# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# One program for each fuzz/FOLDER/X_fuzz.cc, over the library of that folder. Always built with a plain main, and its corpus
# fuzz/corpus/X is a test. With TRADEWIND_LIBFUZZER and clang it is a libFuzzer program instead (./test --long=fuzz runs them all in turn):
#   cmake --preset fuzz
#   ninja -C build/fuzz gguf_fuzz && build/fuzz/gguf_fuzz -max_total_time=300 NEW_INPUTS fuzz/corpus/gguf
option(TRADEWIND_LIBFUZZER "Build the fuzzers with libFuzzer (clang only)" OFF)
if(TRADEWIND_LIBFUZZER AND NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
  message(FATAL_ERROR "TRADEWIND_LIBFUZZER needs clang: add -DCMAKE_CXX_COMPILER=clang++-19")
endif()

file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/fuzz/*/*_fuzz.cc)
set(fuzzed_folders "")
foreach(source ${fuzzers})
  get_filename_component(program ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(folder ${folder} NAME)
  string(REGEX REPLACE "_fuzz$" "" corpus ${program})
  set(corpus ${CMAKE_SOURCE_DIR}/fuzz/corpus/${corpus})
  list(APPEND fuzzed_folders ${folder})
  add_executable(${program} ${source})
  target_link_libraries(${program} PRIVATE tradewind_${folder})
  if(TRADEWIND_LIBFUZZER)
    target_compile_options(${program} PRIVATE -fsanitize=fuzzer)
    target_link_options(${program} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${program} COMMAND ${program} -runs=0 ${corpus})
  else()
    target_sources(${program} PRIVATE ${CMAKE_SOURCE_DIR}/fuzz/fuzz_main.cc)
    add_test(NAME ${program} COMMAND ${program} ${corpus})
  endif()
endforeach()

if(TRADEWIND_LIBFUZZER)
  # The code under test reports its coverage to libFuzzer, too, and the standard library checks its indices.
  foreach(folder base formats text ${fuzzed_folders})
    list(APPEND traced_folders tradewind_${folder})
  endforeach()
  list(REMOVE_DUPLICATES traced_folders)
  foreach(folder ${traced_folders})
    target_compile_options(${folder} PRIVATE -fsanitize=fuzzer-no-link)
    target_compile_definitions(${folder} PRIVATE _GLIBCXX_ASSERTIONS)
  endforeach()
  # Arithmetic on what a file says must not wrap nor lose bits, also where C++ defines the result.
  set(integers unsigned-integer-overflow,unsigned-shift-base,implicit-conversion)
  target_compile_options(tradewind_formats PRIVATE -fsanitize=${integers} -fno-sanitize-recover=${integers}
    -fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/fuzz/integers.ignore)
endif()
