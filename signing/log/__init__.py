"""The transparency log: one append-only Merkle tree over every electronic payment document and every day's digest."""
