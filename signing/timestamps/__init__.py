"""Moments that somebody else vouches for: RFC 3161 tokens, read and verified strictly, and how they are asked for."""
