# What the library needs from elsewhere: one interface target, dm_deps.
# The core, text to odds, needs libm and threads and nothing more; whatever is
# added here has a record in docs/decisions/ and, if an installed libdemarche.a
# needs it too, a word in DM_PC_LIBS_PRIVATE.

add_library(dm_deps INTERFACE)
find_package(Threads REQUIRED)
target_link_libraries(dm_deps INTERFACE m Threads::Threads)
set(DM_PC_LIBS_PRIVATE "-lm -pthread")
