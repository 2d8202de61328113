# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# What the kernel tests need beyond their sources; included after the test programs are defined.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND TARGET kernels_test)
  # The AVX-512 and AMX kernels a second time, over instructions emulated by AVX2 ones (src/kernels/avx512_emulated.h, amx_tiles.h), so that they are tested
  # wherever there is AVX2. A library of its own, since per-file flags belong to the sources of the first.
  file(GLOB emulated CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/kernels/*_avx512.cc ${CMAKE_SOURCE_DIR}/src/kernels/*_amx.cc)
  set(copies "")
  foreach(source ${emulated})
    get_filename_component(stem ${source} NAME_WE)
    set(copy ${CMAKE_BINARY_DIR}/gen/emulated/${stem}_emulated.cc)
    file(CONFIGURE OUTPUT ${copy} CONTENT "#include \"kernels/${stem}.cc\"\n" @ONLY)
    list(APPEND copies ${copy})
  endforeach()
  add_library(tradewind_kernels_emulated STATIC ${copies})
  set_target_properties(tradewind_kernels_emulated PROPERTIES UNITY_BUILD OFF)
  target_compile_options(tradewind_kernels_emulated PRIVATE ${TRADEWIND_FLAGS_avx2} -O1)
  target_compile_definitions(tradewind_kernels_emulated PRIVATE TRADEWIND_EMULATE_AVX512)
  target_link_libraries(tradewind_kernels_emulated PUBLIC tradewind_kernels)
  target_compile_definitions(kernels_test PRIVATE TRADEWIND_HAVE_EMULATED_AVX512)
  target_link_libraries(kernels_test PRIVATE tradewind_kernels_emulated)

  # No function that other translation units share may be compiled for one instruction set.
  add_test(NAME kernels_no_shared_symbols
    COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DLIBRARY=$<TARGET_FILE:tradewind_kernels> -P ${CMAKE_SOURCE_DIR}/cmake/CheckSymbols.cmake)
endif()
