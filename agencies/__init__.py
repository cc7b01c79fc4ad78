"""Who may act: agencies, their people and roles, separation of duty, and the bank directory."""
