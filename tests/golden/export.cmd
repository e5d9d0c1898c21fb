export ../../share/new/blank.standoff
