# build/demarche: sees include/ and nothing of src/.

set(DM_HAS_PROGRAM OFF)
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c)
if(NOT sources OR NOT DM_HAS_LIBRARY)
  return()
endif()
set(DM_HAS_PROGRAM ON)

# The library is found beside the program in the build tree, and relative to
# it once installed, so that any prefix works without ldconfig.
file(RELATIVE_PATH dm_bin_to_lib
  ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
add_executable(demarche ${sources})
set_target_properties(demarche PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
  INSTALL_RPATH "$ORIGIN/${dm_bin_to_lib}")
target_compile_definitions(demarche PRIVATE
  DM_BUILD_VERSION="${PROJECT_VERSION}")
target_link_libraries(demarche PRIVATE dm_flags demarche_shared)
