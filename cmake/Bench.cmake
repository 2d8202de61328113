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
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)  # readers of shared data are there
  endif()
endforeach()
