"""The sample day that ships with the product, and the script that writes it."""
