"""What `vouchers` offers over the API."""
