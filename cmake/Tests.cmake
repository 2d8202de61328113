# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
find_package(GTest)
if(NOT TARGET GTest::gmock)
  message(STATUS "Tests are left out: GoogleTest with gmock is not installed (./test installs it)")
  return()
endif()

set(TRADEWIND_SHARED "${CMAKE_SOURCE_DIR}/../shared" CACHE PATH "Shared test data; the environment variable of the same name wins")

# One program a folder of tests, tests/FOLDER/*_test.cc, run whole and in the source folder.
set(folders base stats core formats text learn store net kernels llm recorded synthetic measure search compress policy study cli)
foreach(folder ${folders})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cc)
  if(sources)
    add_executable(${folder}_test ${sources})
    target_include_directories(${folder}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${folder}_test PRIVATE TRADEWIND_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # Their own code need not be fast; what they test is built as it ships. A third of the time to compile them goes.
    target_compile_options(${folder}_test PRIVATE $<$<CONFIG:Release>:-O1>)
    target_link_libraries(${folder}_test PRIVATE tradewind_${folder} GTest::gmock GTest::gtest GTest::gtest_main)
    add_test(NAME ${folder} COMMAND ${folder}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endforeach()

# It counts what its own operator new gives, which the compiler must not see in the files beside it.
set_source_files_properties(tests/formats/gguf_memory_test.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

# Search strategies are tried on closed-form problems.
target_link_libraries(search_test PRIVATE tradewind_synthetic)

# A file more in the folder of a test is an architecture or a knob more.
target_sources(llm_test PRIVATE tests/llm/architectures/twin.cc)
add_executable(tradewind_with_test_knob src/main.cc)
target_link_libraries(tradewind_with_test_knob PRIVATE tradewind_cli)
# Its own registration stands in for the library's, which the linker then leaves out.
tradewind_gather(tradewind_with_test_knob src/llm/knobs Knob "Registry<LlmKnob>" llm/options.h
  EXTRA ${CMAKE_SOURCE_DIR}/tests/cli/knobs/echo_probe.cc)

# The tests of the commands run the programs, on the model that the tests of the engine make.
if(TARGET cli_test)
  target_sources(cli_test PRIVATE tests/llm/stories_gguf.cc)
  target_compile_definitions(cli_test PRIVATE TRADEWIND_BINARY="$<TARGET_FILE:tradewind>"
    TRADEWIND_WITH_TEST_KNOB="$<TARGET_FILE:tradewind_with_test_knob>")
  add_dependencies(cli_test tradewind tradewind_with_test_knob)
endif()

# The Python package around the module of this build, by pytest.
if(TRADEWIND_PYTHON AND Python_EXECUTABLE)
  add_test(NAME python COMMAND ${CMAKE_SOURCE_DIR}/scripts/python_tests.sh ${Python_EXECUTABLE} $<TARGET_FILE:tradewind_python>
    ${CMAKE_BINARY_DIR}/python-wheel)
endif()
include(KernelTests)
include(Fuzz)
include(Style)          # last: it looks at the test programs above
