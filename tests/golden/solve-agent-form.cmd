solve driver.efg
