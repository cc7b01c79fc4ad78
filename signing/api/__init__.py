"""The API of this app; it decides nothing: services do."""
