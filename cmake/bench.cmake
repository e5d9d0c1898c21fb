# bench/*.c: one program a file, with the library's inside in reach, built by
# the target `bench_programs` only.  bench/support/*.c goes into each of them.

if(NOT DM_HAS_LIBRARY)
  return()
endif()
add_custom_target(bench_programs)
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.c)
file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/support/*.c)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  add_executable(bench_${name} EXCLUDE_FROM_ALL ${source} ${support})
  set_target_properties(bench_${name} PROPERTIES
    OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  target_include_directories(bench_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(bench_${name} PRIVATE dm_flags demarche_static)
  add_dependencies(bench_programs bench_${name})
endforeach()
