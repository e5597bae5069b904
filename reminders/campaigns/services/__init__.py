"""Writing a campaign, and what follows from an invitation."""
