"""What every part of the API shares: problems, operations and their document, reading, cursors, entity tags."""
