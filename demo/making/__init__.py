"""How the sample day is made: offices write vouchers, each case knows what must come of it."""
