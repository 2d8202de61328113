# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Programs that time one thing each: bench/FOLDER/x_bench.cc is build/.../x_bench, with the libraries of its folder.
file(GLOB benches CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/*/*_bench.cc)
foreach(source ${benches})
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(folder ${folder} NAME)
  if(TARGET tradewind_${folder})
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE tradewind_${folder})
  endif()
endforeach()

# The public outcomes are read by what the tests read them with.
if(TARGET router_bench)
  target_sources(router_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests/policy/routing_data.cc)
  target_include_directories(router_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(router_bench PRIVATE nlohmann_json::nlohmann_json)
endif()
