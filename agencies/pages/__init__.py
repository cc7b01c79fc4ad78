"""Pages of people and agencies: login, home, users and roles, agencies and the treasury's tables."""
