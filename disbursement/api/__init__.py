"""What `disbursement` offers over the API."""
