"""Simulated certificate authorities, cards and card service: processes of their own that nothing imports."""
