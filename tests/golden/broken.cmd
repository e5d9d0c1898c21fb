check broken.standoff
