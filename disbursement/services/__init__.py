"""What the treasury's desk does: every function is one transaction, or one exchange with the bank between two."""
