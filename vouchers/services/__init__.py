"""What may be done with a voucher: every function takes one step, whole or not at all."""
