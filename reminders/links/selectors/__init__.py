"""Reads of a client's own pages."""
