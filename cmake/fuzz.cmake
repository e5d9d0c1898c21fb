# tests/fuzz/fuzz_NAME.c defines LLVMFuzzerTestOneInput.  With ENABLE_FUZZ it
# becomes a libFuzzer program, build/fuzz/fuzz/fuzz_NAME; otherwise it is run
# over tests/fuzz/corpus/NAME/* as a plain test.

if(NOT DM_HAS_LIBRARY)
  return()
endif()
file(GLOB targets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
foreach(source IN LISTS targets)
  get_filename_component(target ${source} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" name ${target})
  add_executable(${target} ${source})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE dm_flags demarche_static)
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  target_compile_options(${target} PRIVATE
    -include ${PROJECT_SOURCE_DIR}/tests/support/fuzz.h)
  if(ENABLE_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/replay.c)
    file(GLOB corpus CONFIGURE_DEPENDS
      ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}/*)
    dm_register(fuzz/${name} fuzz 300 ${target} ${corpus})
  endif()
endforeach()
