# The library, its headers, the program, the manual pages, completions, and a
# pkg-config file that finds its prefix by its own place.

if(NOT DM_HAS_LIBRARY)
  return()
endif()

install(TARGETS demarche_shared demarche_static
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/demarche DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")
if(DM_HAS_PROGRAM)
  install(TARGETS demarche RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH dm_pc_to_prefix /prefix/${pc_dir} /prefix)
string(REGEX REPLACE "/$" "" dm_pc_to_prefix "${dm_pc_to_prefix}")
configure_file(demarche.pc.in demarche.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/demarche.pc DESTINATION ${pc_dir})

foreach(section 1 3 5 7)
  file(GLOB pages CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/docs/man/*.${section}
    ${PROJECT_SOURCE_DIR}/man/*.${section})
  if(pages)
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
  endif()
endforeach()

set(completions ${PROJECT_SOURCE_DIR}/completions)
if(EXISTS ${completions}/demarche.bash)
  install(FILES ${completions}/demarche.bash RENAME demarche
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endif()
if(EXISTS ${completions}/_demarche)
  install(FILES ${completions}/_demarche
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
if(EXISTS ${completions}/demarche.fish)
  install(FILES ${completions}/demarche.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
