"""What `agencies` offers over the API."""
