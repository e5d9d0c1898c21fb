forecast crisis.standoff
