"""Pages of the signing app; they decide nothing: services do."""
