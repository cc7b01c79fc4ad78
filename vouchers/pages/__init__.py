"""Pages of the vouchers app; they decide nothing: services do."""
