"""The owner's pages of what offers brought, and of how full the hours of the week are."""
