# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# OpenVINO runs graphs where it is there: scripts/openvino.sh installs its package below the user's cache, and this finds it. Only a library
# beside the program is linked to it (src/graph/openvino/plugin.h), so that the program starts without.
option(TRADEWIND_OPENVINO "Run graphs by OpenVINO where it is installed" ON)
if(NOT TRADEWIND_OPENVINO OR TRADEWIND_PYTHON_ALONE)
  return()
endif()
set(cache "$ENV{XDG_CACHE_HOME}")
if(NOT cache)
  set(cache "$ENV{HOME}/.cache")
endif()
file(GLOB places ${cache}/tradewind/openvino/lib/python3*/site-packages/openvino/cmake)
find_package(OpenVINO CONFIG QUIET HINTS ${places})
if(NOT OpenVINO_FOUND)
  message(STATUS "OpenVINO is not installed: graphs run by our own executor alone (scripts/openvino.sh installs it)")
  return()
endif()
# Of the folders it takes one file, so that nothing of theirs is there twice.
add_library(tradewind_openvino MODULE ${CMAKE_SOURCE_DIR}/src/graph/openvino/plugin.cc ${CMAKE_SOURCE_DIR}/src/graph/tensor.cc)
target_include_directories(tradewind_openvino PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(tradewind_openvino PRIVATE openvino::runtime)
get_target_property(openvino_headers openvino::runtime INTERFACE_INCLUDE_DIRECTORIES)
target_include_directories(tradewind_openvino SYSTEM PRIVATE ${openvino_headers})
set_target_properties(tradewind_openvino PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} UNITY_BUILD OFF)
