forecast crisis.standoff --brief --equilibria all --search 6
