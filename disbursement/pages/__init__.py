"""Pages of the disbursement app; they decide nothing: services do."""
