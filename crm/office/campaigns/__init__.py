"""Campaigns in the office: written step by step, looked at whole, released, followed."""
