"""Simulated certificate authorities, cards and card agent: processes of their own that nothing imports."""
