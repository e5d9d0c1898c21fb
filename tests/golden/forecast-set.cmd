forecast crisis.standoff --brief --set us.dove=50%
