"""Reads of what offers brought."""
