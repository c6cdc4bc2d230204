"""Planning in plain numbers: siting, slots, staffing, rosters. Arrays in, a plan with its bound out; no Django, no database, no clock."""
