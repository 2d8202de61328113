# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# The rules of the code as tests: tests/style reads the tree. It also gets the list of all files that this build compiles, so that none
# can be left out unseen.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/style/*.cc)
set(compiled_list ${CMAKE_BINARY_DIR}/gen/compiled_files.txt)
add_executable(style_test ${sources})
target_compile_definitions(style_test PRIVATE
  TRADEWIND_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TRADEWIND_COMPILED_FILES="${compiled_list}")
target_include_directories(style_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(style_test PRIVATE GTest::gmock GTest::gtest GTest::gtest_main)
add_test(NAME style COMMAND style_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})

get_property(targets DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTY BUILDSYSTEM_TARGETS)
set(compiled "")
foreach(target ${targets})
  get_target_property(files ${target} SOURCES)
  foreach(file ${files})
    get_filename_component(path ${file} ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${path})
    string(APPEND compiled "${path}\n")
  endforeach()
endforeach()
file(CONFIGURE OUTPUT ${compiled_list} CONTENT "${compiled}" @ONLY)
