forecast crisis.standoff --json --draws 4
