"""Simulated counterparts of the treasury's desk: processes of their own, which nothing imports."""
