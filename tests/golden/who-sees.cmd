explain --who-sees crisis.standoff
