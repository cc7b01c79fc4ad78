"""What `verify_evidence.py` is made of. Nothing here comes from the server, and nothing there comes from here."""
