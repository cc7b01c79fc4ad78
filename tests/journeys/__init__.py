"""Whole stories: the real commands in processes of their own, on books of their own."""
