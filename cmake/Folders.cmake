# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0

# One instruction set a file, by its name. The rest is compiled for the plain architecture, so that nothing illegal leaks into it.
set(TRADEWIND_FLAGS_avx2 -mavx2 -mfma -mf16c)
set(TRADEWIND_FLAGS_avx512 -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vnni -mavx2 -mfma -mf16c)
set(TRADEWIND_FLAGS_amx ${TRADEWIND_FLAGS_avx512})  # the tile instructions are written as assembler

# tradewind_folder(NAME [USES folders...] [LIBS targets...]): the library tradewind_NAME of src/NAME.
function(tradewind_folder name)
  cmake_parse_arguments(ARG "" "" "USES;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(FILTER sources EXCLUDE REGEX "_(avx2|avx512|amx)\\.cc$")
  else()
    list(FILTER sources EXCLUDE REGEX "/no_x86\\.cc$")
  endif()
  list(FILTER sources EXCLUDE REGEX "/(no_)?(integer_program|line_editor)\\.cc$")  # tradewind_either takes one of them
  list(FILTER sources EXCLUDE REGEX "/openvino/plugin\\.cc$")                      # a library of its own (cmake/OpenVino.cmake)
  list(FILTER sources EXCLUDE REGEX "/train/torch/[a-z_]+\\.cc$")                  # likewise (cmake/Torch.cmake)
  foreach(source ${sources})
    if(source MATCHES "_(avx2|avx512|amx)\\.cc$")
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${TRADEWIND_FLAGS_${CMAKE_MATCH_1}}")
    endif()
  endforeach()
  if(NOT sources)
    set(sources ${CMAKE_BINARY_DIR}/empty.cc)
    file(TOUCH ${CMAKE_BINARY_DIR}/empty.cc)
  endif()
  add_library(tradewind_${name} STATIC ${sources})
  target_include_directories(tradewind_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  foreach(used ${ARG_USES})
    target_link_libraries(tradewind_${name} PUBLIC tradewind_${used})
  endforeach()
  target_link_libraries(tradewind_${name} PUBLIC ${ARG_LIBS})
endfunction()

# tradewind_either(LIBRARY FOUND WITH WITHOUT TARGET): the source WITH, linked to TARGET, where the optional library was found; else WITHOUT.
function(tradewind_either library found with without target)
  if(found)
    target_sources(${library} PRIVATE ${CMAKE_SOURCE_DIR}/${with})
    target_link_libraries(${library} PRIVATE ${target})
  else()
    target_sources(${library} PRIVATE ${CMAKE_SOURCE_DIR}/${without})
  endif()
endfunction()

# tradewind_gather(LIBRARY FOLDER SUFFIX REGISTRY HEADER [EXTRA files...]): every FOLDER/some_name.cc defines
#   void RegisterSomeName<SUFFIX>(REGISTRY&);
# and the generated RegisterAll<SUFFIX>s(REGISTRY&) calls each, in the order of the names. Adding one is adding its file.
function(tradewind_gather library folder suffix registry header)
  cmake_parse_arguments(ARG "" "" "EXTRA" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cc)
  list(APPEND files ${ARG_EXTRA})
  set(declarations "")
  set(calls "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    string(REPLACE "_" ";" words ${stem})
    set(camel "")
    foreach(word ${words})
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND camel ${first}${rest})
    endforeach()
    string(APPEND declarations "void Register${camel}${suffix}(${registry}& registry);\n")
    string(APPEND calls "  Register${camel}${suffix}(registry);\n")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/gen/${library}_${suffix}.gen.cc)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"#include \"${header}\"
namespace tradewind {
${declarations}void RegisterAll${suffix}s(${registry}& registry);
void RegisterAll${suffix}s(${registry}& registry) {
${calls}}
}  // namespace tradewind
" @ONLY)
  target_sources(${library} PRIVATE ${generated} ${ARG_EXTRA})
endfunction()
