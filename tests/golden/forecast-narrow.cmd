forecast crisis.standoff --columns 48 --draws 4 --toward war,calm
