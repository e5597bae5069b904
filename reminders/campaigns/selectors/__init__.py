"""Who is meant by a campaign, what it says, and who answered."""
