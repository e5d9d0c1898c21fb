solve broken.efg
