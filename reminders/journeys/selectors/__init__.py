"""Reads of the journeys."""
