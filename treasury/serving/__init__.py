"""What `make serve` runs for trying the product out: people with their cards, vouchers on every desk."""
