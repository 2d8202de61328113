# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# libtradewind, the library behind include/tradewind, and what `cmake --install` and `cpack -G DEB` put where.
include(GNUInstallDirs)

add_library(tradewind_shared SHARED ${CMAKE_BINARY_DIR}/empty.cc)
file(TOUCH ${CMAKE_BINARY_DIR}/empty.cc)
target_link_libraries(tradewind_shared PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,tradewind_api>)
target_include_directories(tradewind_shared INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# Until 1.0 the second number changes with the interface.
set_target_properties(tradewind_shared PROPERTIES OUTPUT_NAME tradewind EXPORT_NAME tradewind
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
# Of all that is in it, the functions of c.h alone are seen.
set(exports ${CMAKE_SOURCE_DIR}/cmake/tradewind.map)
target_link_options(tradewind_shared PRIVATE -Wl,--version-script=${exports})
set_target_properties(tradewind_shared PROPERTIES LINK_DEPENDS ${exports})

install(TARGETS tradewind COMPONENT tradewind)
install(TARGETS tradewind_shared EXPORT tradewind COMPONENT tradewind)
install(DIRECTORY include/tradewind TYPE INCLUDE COMPONENT tradewind)
install(FILES README.md LICENSE TYPE DOC COMPONENT tradewind)
install(DIRECTORY examples TYPE DOC COMPONENT tradewind)
install(EXPORT tradewind NAMESPACE tradewind:: FILE tradewind-config.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tradewind
  COMPONENT tradewind)
# Found from where it lies, so that the same file serves any prefix.
file(RELATIVE_PATH up /usr/${CMAKE_INSTALL_LIBDIR}/pkgconfig /usr)
configure_file(cmake/tradewind.pc.in gen/tradewind.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/gen/tradewind.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT tradewind)

set(CPACK_PACKAGE_NAME tradewind)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The Tradewind Authors <tradewind@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "the best answer within your budget: measured, searched and steered inference on your own machine")
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL tradewind)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_TRADEWIND_PACKAGE_NAME tradewind)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_STRIP_FILES ON)
include(CPack)
