# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# LibTorch trains small nets where it is there (Debian's libtorch-dev). Only a library beside the program is linked to it
# (src/train/torch_trainer.h), so that the program starts without. Its own CMake files ask for compilers of graphics cards; three libraries
# are all that is needed. The thread sanitizer does not know its OpenMP, and would see races everywhere.
option(TRADEWIND_TORCH "Train small nets by LibTorch where it is installed" ON)
if(NOT TRADEWIND_TORCH OR TRADEWIND_SANITIZE MATCHES thread)
  return()
endif()
find_path(TORCH_HEADERS torch/torch.h PATH_SUFFIXES torch/csrc/api/include)
find_library(TORCH_LIBRARY torch)
find_library(TORCH_CPU_LIBRARY torch_cpu)
find_library(C10_LIBRARY c10)
if(NOT TORCH_HEADERS OR NOT TORCH_LIBRARY OR NOT TORCH_CPU_LIBRARY OR NOT C10_LIBRARY)
  message(STATUS "LibTorch is not installed: nothing is trained (apt-get install libtorch-dev libopenblas0-serial)")
  return()
endif()
# Its headers take half a minute to read: once for all its files. Of the folders it takes what these use, so that nothing of theirs is there twice.
file(GLOB torch_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/train/torch/*.cc)
add_library(tradewind_torch MODULE ${torch_sources} ${CMAKE_SOURCE_DIR}/src/graph/tensor.cc)
target_include_directories(tradewind_torch PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_include_directories(tradewind_torch SYSTEM PRIVATE ${TORCH_HEADERS})
target_link_libraries(tradewind_torch PRIVATE tradewind_formats ${TORCH_LIBRARY} ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})
set_target_properties(tradewind_torch PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
